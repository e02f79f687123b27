/**
 * The one error class of the engine and the list of its codes.
 *
 * A message says what happened, with which values, and what to do. Callers branch on `code`, never
 * on the text. Expected outcomes (a declined checkpoint, a refused slot) are return values instead.
 */

/**
 * Every error code of the engine. A code is stable: tests, docs and users' handlers refer to it.
 *
 * ```ts
 * const isBusy = (error: unknown): boolean =>
 *   error instanceof EngineError && error.code === ErrorCode.CONNECTION
 * isBusy(new EngineError(ErrorCode.CONNECTION, 'the broker does not answer')) // => true
 * ```
 */
export const ErrorCode = {
  /** An internal invariant does not hold: a bug of the engine, please report it. */
  ASSERTION: 'ASSERTION',
  /** The pipeline a program built is not valid (no sink, keyed state off a keyed stream, ...). */
  INVALID_PROGRAM: 'INVALID_PROGRAM',
  /** An option is unknown or its value is not acceptable. */
  INVALID_CONFIG: 'INVALID_CONFIG',
  /** An argument of a public function is not acceptable. */
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
  /** A user function threw; the message names operator, subtask and record. */
  USER_FUNCTION: 'USER_FUNCTION',
  /** A value does not fit the type it was declared with. */
  TYPE_MISMATCH: 'TYPE_MISMATCH',
  /** Bytes cannot be decoded: truncated, corrupt or of an unknown version. */
  CORRUPT_DATA: 'CORRUPT_DATA',
  /** Older state cannot be read with the present serializer. */
  INCOMPATIBLE_STATE: 'INCOMPATIBLE_STATE',
  /** A snapshot holds state for which the program has no operator, or the other way round. */
  STATE_NOT_RESTORABLE: 'STATE_NOT_RESTORABLE',
  /** A checkpoint cannot be read: no metadata, a failed checksum, an unknown format version. */
  CORRUPT_CHECKPOINT: 'CORRUPT_CHECKPOINT',
  /** No checkpoint was found where one was asked for. */
  CHECKPOINT_NOT_FOUND: 'CHECKPOINT_NOT_FOUND',
  /** A file or folder does not exist. */
  FILE_NOT_FOUND: 'FILE_NOT_FOUND',
  /** A path leaves the root it must stay in. */
  PATH_OUTSIDE_ROOT: 'PATH_OUTSIDE_ROOT',
  /** The file system refused or failed: disk full, permission, I/O error. */
  FILE_SYSTEM: 'FILE_SYSTEM',
  /** A file changed while it was being read, so positions in it mean nothing any more. */
  INPUT_CHANGED: 'INPUT_CHANGED',
  /** A record of an input cannot be parsed. */
  MALFORMED_RECORD: 'MALFORMED_RECORD',
  /** Committed output cannot be found where its committable says it is: data would be lost. */
  COMMIT_LOST: 'COMMIT_LOST',
  /** The network or a peer failed. */
  CONNECTION: 'CONNECTION',
  /** A TaskManager ended while its tasks ran; a restart starts another. */
  TASK_MANAGER_LOST: 'TASK_MANAGER_LOST',
  /** There are too few slots for the job. */
  NOT_ENOUGH_SLOTS: 'NOT_ENOUGH_SLOTS',
  /** The job failed for good; `cause` holds the reason. */
  JOB_FAILED: 'JOB_FAILED',
  /** The job was cancelled. */
  JOB_CANCELED: 'JOB_CANCELED',
  /** Something took longer than its limit. */
  TIMEOUT: 'TIMEOUT',
  /** A test asked for this failure at a fault point. */
  INJECTED_FAULT: 'INJECTED_FAULT',
  /** A test harness found an operator, source or sink that breaks its contract. */
  CONTRACT_VIOLATION: 'CONTRACT_VIOLATION',
  /** This platform cannot do what was asked. */
  UNSUPPORTED: 'UNSUPPORTED',
} as const

/** One of {@link ErrorCode}. */
export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode]

/** What an {@link EngineError} may carry beside its message. */
export interface EngineErrorOptions {
  /** True if the same call may succeed later with nothing changed. Default false. */
  readonly retryable?: boolean
  /** The error behind this one. */
  readonly cause?: unknown
}

/**
 * The error the engine throws. Branch on {@link EngineError.code}, never on the text of the
 * message.
 *
 * ```ts
 * let code: string | undefined
 * try {
 *   env.configure({ 'no.such.option': 1 })
 * } catch (error) {
 *   if (error instanceof EngineError) code = error.code
 * }
 * code // => 'INVALID_CONFIG'
 * ```
 */
export class EngineError extends Error {
  readonly code: ErrorCode
  readonly retryable: boolean

  constructor(code: ErrorCode, message: string, options: EngineErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'EngineError'
    this.code = code
    this.retryable = options.retryable ?? false
  }
}

/**
 * Throws an `ASSERTION` error when `condition` is false. For invariants of the engine itself; bad
 * input of users gets an error of its own code. Stays on in production.
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new EngineError(ErrorCode.ASSERTION, message)
}

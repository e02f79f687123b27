import { EngineError, ErrorCode } from '../../../base/engine-error.ts'

/** An error as plain data, with all that is behind it. */
export interface PlainError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Set for errors of the engine. */
  readonly code: ErrorCode | undefined
  readonly retryable: boolean
  readonly cause: PlainError | undefined
}

/** A chain of causes is cut off here: it may be a circle. */
const MAX_CAUSES = 16

/** Takes an error apart, or whatever was thrown in place of one. */
export function toPlainError(error: unknown, depth: number = 0): PlainError {
  if (!(error instanceof Error)) {
    const message = String(error)
    return {
      name: 'Error',
      message,
      stack: undefined,
      code: undefined,
      retryable: false,
      cause: undefined,
    }
  }
  const hasCause = error.cause !== undefined && depth < MAX_CAUSES
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    code: error instanceof EngineError ? error.code : undefined,
    retryable: error instanceof EngineError && error.retryable,
    cause: hasCause ? toPlainError(error.cause, depth + 1) : undefined,
  }
}

/** Puts an error together again, with its stack in the thread where it was thrown. */
export function fromPlainError(plain: PlainError): Error {
  const cause = plain.cause === undefined ? undefined : fromPlainError(plain.cause)
  const options = cause === undefined ? {} : { cause }
  const error =
    plain.code !== undefined && plain.code in ErrorCode
      ? new EngineError(plain.code, plain.message, { ...options, retryable: plain.retryable })
      : new Error(plain.message, options)
  error.name = plain.name
  if (plain.stack !== undefined) error.stack = plain.stack
  return error
}

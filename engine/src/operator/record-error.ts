import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { describeError, describeRecord } from './describe-record.ts'
import type { OperatorContext } from './operator-context.ts'
import { DEAD_LETTERS } from './record-error-policy.ts'

/** Codes that say that the record at hand is bad. Every other code is not the record's fault. */
const RECORD_CODES: ReadonlySet<ErrorCode> = new Set([
  ErrorCode.MALFORMED_RECORD,
  ErrorCode.TYPE_MISMATCH,
  ErrorCode.INVALID_ARGUMENT,
])

/**
 * True if an error may be blamed on the record that was being processed: whatever user code throws.
 * Errors of the engine (a downstream operator's `USER_FUNCTION`, `ASSERTION`, `FILE_SYSTEM`, ...)
 * are not.
 */
export function isRecordError(error: unknown): boolean {
  return !(error instanceof EngineError) || RECORD_CODES.has(error.code)
}

/**
 * Applies the record error policy to a record whose user function threw. Called by every operator
 * that runs user code on records; returns if the operator may go on with the next record.
 *
 * @param index position of the record in its batch; -1 if it is not known
 * @throws USER_FUNCTION under the policy `fail`; it names operator, subtask, position and record
 * @throws the error itself, unchanged, if it is not a {@link isRecordError}
 */
export function handleRecordError(
  context: OperatorContext,
  error: unknown,
  record: unknown,
  timestampMs: number,
  index: number,
): void {
  if (!isRecordError(error)) throw error
  switch (context.recordErrorPolicy) {
    case 'fail':
      throw recordError(context, error, record, timestampMs, index)
    case 'skip':
      context.metrics.counter('numRecordsSkipped').add(1)
      return
    case 'dead-letter': {
      const { operatorName, subtaskIndex } = context.task
      const cause = describeError(error)
      const origin = undefined
      context.metrics.counter('numRecordsDeadLettered').add(1)
      context.output.sideOutput(
        DEAD_LETTERS,
        { operatorName, subtaskIndex, record, origin, timestampMs, cause },
        timestampMs,
      )
    }
  }
}

/**
 * Wraps what user code threw outside of any record: in `open`, `close`, a timer, a snapshot. Such
 * an error always fails the task, whatever the record error policy. Errors of the engine come back
 * unchanged.
 *
 * @param where what was called, for the message: `open`, `the event-time timer 5000 of key "a"`
 */
export function functionError(
  context: OperatorContext,
  where: string,
  error: unknown,
): EngineError {
  if (error instanceof EngineError && !isRecordError(error)) return error
  return new EngineError(
    ErrorCode.USER_FUNCTION,
    `The function of ${operatorOf(context)} failed in ${where}: ${describeError(error)}`,
    { cause: error },
  )
}

/** Operator and subtask as every message names them. */
export function operatorOf(context: OperatorContext): string {
  const { operatorName, subtaskIndex, parallelism } = context.task
  return `operator '${operatorName}' (subtask ${subtaskIndex} of ${parallelism})`
}

function recordError(
  context: OperatorContext,
  error: unknown,
  record: unknown,
  timestampMs: number,
  index: number,
): EngineError {
  const position = index < 0 ? 'a record' : `record ${index} of its batch`
  const time = Number.isNaN(timestampMs) ? 'no timestamp' : `timestamp ${timestampMs} ms`
  return new EngineError(
    ErrorCode.USER_FUNCTION,
    `The function of ${operatorOf(context)} failed at ${position} (${time}): ` +
      `${describeError(error)}. Record: ${describeRecord(record)}. Correct the function, or set the ` +
      "record error policy to 'skip' or 'dead-letter' to go on without such records",
    { cause: error },
  )
}

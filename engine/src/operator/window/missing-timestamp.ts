import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { describeRecord } from '../describe-record.ts'
import type { OperatorContext } from '../operator-context.ts'
import { operatorOf } from '../record-error.ts'

/**
 * The error of a record that comes to an event-time window without a timestamp. It is the program's
 * fault, not the record's: no record error policy applies.
 */
export function missingTimestamp(
  context: OperatorContext,
  record: unknown,
  timestampMs: number,
): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `A record at the event-time windows of ${operatorOf(context)} has ` +
      `${Number.isNaN(timestampMs) ? 'no timestamp' : `the timestamp ${timestampMs}`}. ` +
      `Record: ${describeRecord(record)}. Assign timestamps before the window, by ` +
      'assignTimestampsAndWatermarks(...) or in the source, or use processing-time windows',
  )
}

import { describeRecord } from '../describe-record.ts'
import type { Collector } from '../function/functions.ts'
import type { GuardedOutput } from '../guarded-output.ts'
import type { OperatorContext } from '../operator-context.ts'
import { functionError } from '../record-error.ts'
import type { ElementContext } from './element-context.ts'
import type { OnTimerContext } from './process-function.ts'
import type { TimeDomain } from './timer-service.ts'

/** A function with timers, whatever its inputs are. */
export interface TimerFunction<K, OUT> {
  onTimer?(timestampMs: number, ctx: OnTimerContext<K>, out: Collector<OUT>): void
}

/**
 * Calls `onTimer` for a timer that is due.
 *
 * @throws USER_FUNCTION if it throws; the message names the timer and its key
 */
export function fireTimer<K, OUT>(
  fn: TimerFunction<K, OUT>,
  timestampMs: number,
  timeDomain: TimeDomain,
  ctx: ElementContext<K, OUT>,
  context: OperatorContext,
  guard: GuardedOutput<OUT>,
): void {
  ctx.atTimer(timestampMs, timeDomain)
  const key = ctx.currentKey
  try {
    fn.onTimer?.(timestampMs, ctx, ctx.collector)
  } catch (error) {
    guard.throwIfFailed()
    const timer = `the ${timeDomain} timer ${timestampMs} of key ${describeRecord(key)}`
    throw functionError(context, timer, error)
  }
  guard.throwIfFailed()
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { OneInputOperator, OperatorFactory } from '../operator.ts'
import type { AsyncCall, AsyncOptions } from './async-function.ts'
import type { AsyncPlan } from './async-plan.ts'
import { AsyncWaitOperator } from './async-wait-operator.ts'

/** Requests at once if the program does not say. */
const CAPACITY = 100

/**
 * Makes the operators of async I/O.
 *
 * @throws INVALID_ARGUMENT if the capacity is no whole number above 0 or the timeout not above 0
 */
export function asyncWaitOperator<IN, OUT>(
  order: AsyncPlan<IN, OUT>['order'],
  fn: AsyncCall<IN, OUT>,
  options: AsyncOptions<IN, OUT>,
): OperatorFactory<OneInputOperator<IN>> {
  const { timeoutMs, capacity = CAPACITY, retry, type } = options
  check('capacity', capacity)
  if (timeoutMs !== undefined) check('timeoutMs', timeoutMs)
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    return new AsyncWaitOperator<IN, OUT>({
      fn: typeof made === 'function' ? { asyncInvoke: made } : made,
      order,
      timeoutMs,
      capacity,
      retry,
      type,
    })
  }
}

function check(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `async I/O: ${name} is ${value}; it must be a whole number above 0`,
  )
}

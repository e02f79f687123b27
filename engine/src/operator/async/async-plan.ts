import type { TypeInformation } from '../../types/type-information.ts'
import type { AsyncFunction } from './async-function.ts'
import type { AsyncRetryStrategy } from './async-retry-strategy.ts'

/** What an async operator is made of, checked and complete. */
export interface AsyncPlan<IN, OUT> {
  readonly fn: AsyncFunction<IN, OUT>
  readonly order: 'ordered' | 'unordered'
  /** Undefined for never. */
  readonly timeoutMs: number | undefined
  readonly capacity: number
  readonly retry: AsyncRetryStrategy<OUT> | undefined
  readonly type: TypeInformation<IN> | undefined
}

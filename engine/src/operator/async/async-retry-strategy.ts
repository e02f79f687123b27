import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** Which outcomes of a request call for another try. */
export interface AsyncRetryPredicates<OUT> {
  /** Whether to try again after an error. Default: after every error. */
  readonly ifError?: (error: unknown) => boolean
  /** Whether to try again after these results. Default: never. */
  readonly ifResult?: (results: readonly OUT[]) => boolean
}

/** Says whether and when a request is made again. Stateless: one object serves all requests. */
export interface AsyncRetryStrategy<OUT> extends AsyncRetryPredicates<OUT> {
  /** How often a request is made again after the first time. */
  readonly maxRetries: number
  /** How long to wait before retry `retry`, counted from 1, in milliseconds. */
  delayMs(retry: number): number
}

/**
 * Tries again after the same delay each time.
 *
 * ```ts
 * let asked = 0
 * const lookUp = async (word: string): Promise<string> => {
 *   if (++asked < 3) throw new Error('busy')
 *   return word.toUpperCase()
 * }
 * const retry = fixedDelayRetry<string>({ maxRetries: 3, delayMs: 1 })
 * const words = asyncDataStream.orderedWait(env.fromElements('tea'), lookUp, { retry })
 * await words.executeAndCollect() // => ['TEA']
 * ```
 * @throws INVALID_ARGUMENT if a number is no whole one of 0 or more
 */
export function fixedDelayRetry<OUT>(
  options: AsyncRetryPredicates<OUT> & { readonly maxRetries: number; readonly delayMs: number },
): AsyncRetryStrategy<OUT> {
  const { maxRetries, delayMs, ...predicates } = options
  checkCount('fixedDelayRetry', 'maxRetries', maxRetries)
  checkCount('fixedDelayRetry', 'delayMs', delayMs)
  return { ...predicates, maxRetries, delayMs: () => delayMs }
}

/**
 * Tries again after a delay that grows by a factor (2 by default) up to a limit.
 *
 * ```ts
 * const retry = exponentialDelayRetry({ maxRetries: 5, initialDelayMs: 100, maxDelayMs: 500 })
 * const delays = [1, 2, 3, 4].map((attempt) => retry.delayMs(attempt))
 * delays // => [100, 200, 400, 500]
 * ```
 * @throws INVALID_ARGUMENT if a number is no whole one of 0 or more, or the factor is below 1
 */
export function exponentialDelayRetry<OUT>(
  options: AsyncRetryPredicates<OUT> & {
    readonly maxRetries: number
    readonly initialDelayMs: number
    readonly maxDelayMs: number
    readonly multiplier?: number
  },
): AsyncRetryStrategy<OUT> {
  const { maxRetries, initialDelayMs, maxDelayMs, multiplier = 2, ...predicates } = options
  checkCount('exponentialDelayRetry', 'maxRetries', maxRetries)
  checkCount('exponentialDelayRetry', 'initialDelayMs', initialDelayMs)
  checkCount('exponentialDelayRetry', 'maxDelayMs', maxDelayMs)
  if (!(multiplier >= 1)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `exponentialDelayRetry: multiplier is ${multiplier}; it must be 1 or more`,
    )
  }
  return {
    ...predicates,
    maxRetries,
    delayMs: (retry) => Math.min(maxDelayMs, initialDelayMs * multiplier ** (retry - 1)),
  }
}

function checkCount(what: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${what}: ${name} is ${value}; it must be a whole number of 0 or more`,
  )
}

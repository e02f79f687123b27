import type { Configuration } from '../../core/config/configuration.ts'
import { ConfigOptions } from '../../core/config/options.ts'

/** Decides after each failure whether and when a job is restarted. */
export interface RestartStrategy {
  /** What the strategy is called in messages. */
  readonly name: string
  /**
   * A failure happened.
   * @returns the delay before the restart in milliseconds, or undefined to let the job fail
   */
  onFailure(nowMs: number): number | undefined
}

/** Growth of the exponential delay from one restart to the next. */
const BACKOFF_MULTIPLIER = 1.5

/** Never restarts. */
export function noRestart(): RestartStrategy {
  return { name: 'none', onFailure: () => undefined }
}

/** Restarts up to `attempts` times, always after the same delay. */
export function fixedDelayRestart(attempts: number, delayMs: number): RestartStrategy {
  let restarts = 0
  return {
    name: `fixed-delay (${attempts} attempts, ${delayMs} ms)`,
    onFailure: () => (restarts++ < attempts ? delayMs : undefined),
  }
}

/** Restarts as long as there are at most `maxFailures` failures within any `intervalMs`. */
export function failureRateRestart(
  maxFailures: number,
  intervalMs: number,
  delayMs: number,
): RestartStrategy {
  let failures: number[] = []
  return {
    name: `failure-rate (${maxFailures} per ${intervalMs} ms, ${delayMs} ms)`,
    onFailure(nowMs) {
      failures = failures.filter((atMs) => nowMs - atMs < intervalMs)
      failures.push(nowMs)
      return failures.length <= maxFailures ? delayMs : undefined
    },
  }
}

/** Options of {@link exponentialDelayRestart}, times in milliseconds. */
export interface ExponentialDelayOptions {
  readonly initialMs: number
  readonly maxMs: number
  /** A quiet time this long starts the delay anew. */
  readonly resetThresholdMs: number
  readonly attempts: number
}

/** Restarts after delays that grow by half each time, and start anew after a quiet time. */
export function exponentialDelayRestart(options: ExponentialDelayOptions): RestartStrategy {
  let delayMs = options.initialMs
  let restarts = 0
  let lastFailureMs = Number.NEGATIVE_INFINITY
  return {
    name: `exponential-delay (${options.initialMs} to ${options.maxMs} ms)`,
    onFailure(nowMs) {
      if (nowMs - lastFailureMs - delayMs >= options.resetThresholdMs) {
        delayMs = options.initialMs
        restarts = 0
      }
      lastFailureMs = nowMs
      if (restarts++ >= options.attempts) return undefined
      const currentMs = delayMs
      delayMs = Math.min(options.maxMs, Math.round(delayMs * BACKOFF_MULTIPLIER))
      return currentMs
    },
  }
}

/** The strategy a configuration asks for. */
export function restartStrategyOf(configuration: Configuration): RestartStrategy {
  const type = configuration.get(ConfigOptions.restartStrategy)
  const checkpointing = configuration.get(ConfigOptions.checkpointInterval) !== undefined
  switch (type) {
    case 'none':
      return noRestart()
    case 'fixed-delay':
      return fixedDelayRestart(
        configuration.get(ConfigOptions.fixedDelayAttempts),
        configuration.get(ConfigOptions.fixedDelay),
      )
    case 'failure-rate':
      return failureRateRestart(
        configuration.get(ConfigOptions.failureRateMax),
        configuration.get(ConfigOptions.failureRateInterval),
        configuration.get(ConfigOptions.failureRateDelay),
      )
    default:
      if (type === 'auto' && !checkpointing) return noRestart()
      return exponentialDelayRestart({
        initialMs: configuration.get(ConfigOptions.exponentialInitial),
        maxMs: configuration.get(ConfigOptions.exponentialMax),
        resetThresholdMs: configuration.get(ConfigOptions.exponentialResetThreshold),
        attempts: configuration.get(ConfigOptions.exponentialAttempts),
      })
  }
}

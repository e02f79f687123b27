import type { Env } from '../../env/env.ts'
import type { ScheduledTimer } from '../../env/timers.ts'
import type { PollGate } from './index-range-reader.ts'

/** Records due within less than this are emitted together, so that timers stay few. */
const SLICE_MS = 10

/**
 * After a pause (backpressure, a stopped machine) no more than this much is made up for at once.
 */
const CATCH_UP_MS_MAX = 1_000

/**
 * Spreads records evenly over time: `ratePerSecond` for all splits of the source together, a share
 * of it for the splits in hand, so the rate stays right at any parallelism.
 */
export class RateGate implements PollGate {
  readonly #env: Env
  readonly #wakeUp: () => void
  readonly #ratePerMs: number
  #lastMs: number
  /** Records that are due and not yet emitted, with fractions. */
  #due = 0
  #timer: ScheduledTimer | undefined

  constructor(env: Env, ratePerSecond: number, wakeUp: () => void) {
    this.#env = env
    this.#wakeUp = wakeUp
    this.#ratePerMs = ratePerSecond / 1000
    this.#lastMs = env.clock.monotonicMs()
  }

  allow(maxRecords: number, splitCount: number, stride: number): number {
    const ratePerMs = (this.#ratePerMs * splitCount) / stride
    const nowMs = this.#env.clock.monotonicMs()
    const elapsedMs = nowMs - this.#lastMs
    this.#lastMs = nowMs
    const dueMax = Math.max(1, ratePerMs * CATCH_UP_MS_MAX)
    this.#due = Math.min(dueMax, this.#due + elapsedMs * ratePerMs)
    const allowed = Math.min(maxRecords, Math.floor(this.#due + 1e-9))
    if (allowed === 0) this.#sleep(ratePerMs)
    this.#due = Math.max(0, this.#due - allowed)
    return allowed
  }

  /** Takes back what was allowed and not used. */
  giveBack(count: number): void {
    this.#due += count
  }

  close(): void {
    this.#timer?.cancel()
  }

  #sleep(ratePerMs: number): void {
    if (this.#timer !== undefined) return
    const waitMs = Math.max(SLICE_MS, (1 - this.#due) / ratePerMs)
    this.#timer = this.#env.timers.schedule(this.#env.clock.nowMs() + waitMs, () => {
      this.#timer = undefined
      this.#wakeUp()
    })
  }
}

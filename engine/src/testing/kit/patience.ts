import type { Env } from '../../env/env.ts'
import { contractViolation } from '../contract-violation.ts'
import { ManualTime } from '../manual-time.ts'

/** So many idle turns are given to promises before a manual clock moves. */
const TURNS_BEFORE_TIME_MOVES = 20

/** How far a manual clock moves at each idle turn after that, in milliseconds. */
const MANUAL_STEP_MS = 10

/** A wait of fewer turns is never called endless, whatever the clock says. */
const TURNS_MAX = 20_000

/** On a real clock a wait must also last this long, in milliseconds. */
const REAL_WAIT_MS_MAX = 10_000

/**
 * Waits for what happens beside: promises, sockets, timers. A clock that only a test moves is moved
 * on here, so that polling and rate limits take no real time.
 */
export class Patience {
  readonly #env: Env
  #turns = 0
  #sinceMs = 0

  constructor(env: Env) {
    this.#env = env
  }

  /** Something has happened: the wait begins anew. */
  renew(): void {
    this.#turns = 0
  }

  /**
   * One turn of waiting.
   * @throws CONTRACT_VIOLATION with `whatIsMissing` if nothing has happened for too long
   */
  async wait(whatIsMissing: string): Promise<void> {
    const { clock, executor } = this.#env
    if (this.#turns++ === 0) this.#sinceMs = clock.monotonicMs()
    await executor.yieldSlice()
    if (clock instanceof ManualTime && this.#turns > TURNS_BEFORE_TIME_MOVES) {
      clock.advanceTo(clock.nowMs() + MANUAL_STEP_MS)
    }
    if (this.#turns < TURNS_MAX) return
    const waitedMs = clock.monotonicMs() - this.#sinceMs
    if (waitedMs > 0 && waitedMs < REAL_WAIT_MS_MAX) return
    throw contractViolation(whatIsMissing)
  }
}

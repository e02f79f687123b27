import { BinaryHeap } from '../base/binary-heap.ts'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { Clock } from '../env/clock.ts'
import type { ScheduledTimer, Timers } from '../env/timers.ts'

interface WaitingCall {
  readonly atMs: number
  readonly sequence: number
  run: (() => void) | undefined
}

/**
 * A clock that stands still until a test moves it, and the timers on it. Equal deadlines fire in
 * the order they were scheduled; while a timer runs, the clock shows its deadline.
 */
export class ManualTime implements Clock, Timers {
  readonly #waiting = new BinaryHeap<WaitingCall>(
    (left, right) =>
      left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence),
  )
  #nowMs: number
  #nextSequence = 0

  /** @param startMs what the clock shows at first, in milliseconds since 1970. */
  constructor(startMs = 0) {
    this.#nowMs = startMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  monotonicMs(): number {
    return this.#nowMs
  }

  schedule(atMs: number, run: () => void): ScheduledTimer {
    const call: WaitingCall = { atMs, sequence: this.#nextSequence++, run }
    this.#waiting.push(call)
    return {
      cancel: () => {
        call.run = undefined
      },
    }
  }

  /**
   * Moves the clock to `toMs` and fires everything that is due on the way, in order, also what the
   * fired timers schedule themselves.
   *
   * @param afterEach called after each timer, to run the mail it caused
   * @throws INVALID_ARGUMENT if `toMs` lies in the past: a wall clock that jumps back is a test of
   * its own
   */
  advanceTo(toMs: number, afterEach: () => void = () => {}): void {
    if (!(toMs >= this.#nowMs)) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `the manual clock stands at ${this.#nowMs} ms and cannot go back to ${toMs} ms; ` +
          'advance to an absolute time that is not in the past',
      )
    }
    for (;;) {
      const next = this.#waiting.peek()
      if (next === undefined || next.atMs > toMs) break
      this.#waiting.pop()
      const run = next.run
      if (run === undefined) continue
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      next.run = undefined
      run()
      afterEach()
    }
    this.#nowMs = toMs
  }
}

import { BinaryHeap } from '../base/binary-heap.ts'
import type { ScheduledTimer, Timers } from './timers.ts'

/** What {@link OrderedTimers} needs of the platform. */
export interface TimerPlatform {
  /** Wall time in milliseconds. */
  readonly nowMs: () => number
  /** Calls `run` once after about `delayMs`, a whole number of at most 10,000; returns its undo. */
  readonly arm: (delayMs: number, run: () => void) => () => void
  /** Runs `run` in a macrotask of its own, in the order of the calls. */
  readonly post: (run: () => void) => void
}

/**
 * The longest time slept in one piece. Short enough to notice within seconds that the wall clock
 * was set or the machine slept, and far below the 2^31 ms that `setTimeout` can count.
 */
const SLEEP_MS_MAX = 10_000

/**
 * Timers on top of one platform timer at a time: it is armed for the earliest deadline, so equal
 * deadlines keep the order in which they were scheduled, and no timer fires before its deadline
 * even where the platform's timers are a little early.
 */
export class OrderedTimers implements Timers {
  readonly #platform: TimerPlatform
  readonly #waiting = new BinaryHeap<WaitingTimer>(firesBefore)
  readonly #onWake = (): void => this.#wake()
  #nextSequence = 0
  #canceledCount = 0
  #armedForMs = Number.POSITIVE_INFINITY
  #disarm: (() => void) | undefined

  constructor(platform: TimerPlatform) {
    this.#platform = platform
  }

  schedule(atMs: number, run: () => void): ScheduledTimer {
    const timer = new WaitingTimer(atMs, this.#nextSequence++, run, this.#onCancel)
    this.#waiting.push(timer)
    if (atMs < this.#armedForMs) this.#arm(atMs)
    return timer
  }

  readonly #onCancel = (): void => {
    this.#canceledCount++
    // Canceled timers stay in the heap until they are many: removing one alone would cost O(n).
    if (this.#canceledCount * 2 > this.#waiting.size) {
      this.#waiting.retain((timer) => timer.run !== undefined)
      this.#canceledCount = 0
    }
    // Without timers nothing stays armed, so that the process may end.
    if (this.#waiting.size === 0) this.#rest()
  }

  #wake(): void {
    this.#rest()
    const nowMs = this.#platform.nowMs()
    for (;;) {
      const timer = this.#waiting.peek()
      if (timer === undefined) return
      if (timer.atMs > nowMs && timer.run !== undefined) {
        this.#arm(timer.atMs)
        return
      }
      this.#waiting.pop()
      if (timer.run === undefined) this.#canceledCount--
      else {
        timer.due = true
        this.#platform.post(() => timer.fire())
      }
    }
  }

  #arm(atMs: number): void {
    this.#rest()
    this.#armedForMs = atMs
    const delayMs = Math.ceil(atMs - this.#platform.nowMs())
    this.#disarm = this.#platform.arm(Math.min(Math.max(delayMs, 0), SLEEP_MS_MAX), this.#onWake)
  }

  #rest(): void {
    this.#disarm?.()
    this.#disarm = undefined
    this.#armedForMs = Number.POSITIVE_INFINITY
  }
}

class WaitingTimer implements ScheduledTimer {
  readonly atMs: number
  readonly sequence: number
  /** Undefined once the timer was canceled or has fired. */
  run: (() => void) | undefined
  /** True once it has left the heap. */
  due = false
  readonly #onCancel: () => void

  constructor(atMs: number, sequence: number, run: () => void, onCancel: () => void) {
    this.atMs = atMs
    this.sequence = sequence
    this.run = run
    this.#onCancel = onCancel
  }

  fire(): void {
    const run = this.run
    this.run = undefined
    run?.()
  }

  cancel(): void {
    if (this.run === undefined) return
    this.run = undefined
    if (!this.due) this.#onCancel()
  }
}

function firesBefore(left: WaitingTimer, right: WaitingTimer): boolean {
  if (left.atMs !== right.atMs) return left.atMs < right.atMs
  return left.sequence < right.sequence
}

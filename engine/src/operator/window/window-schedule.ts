import { BinaryHeap } from '../../base/binary-heap.ts'
import type { TimeWindow } from './time-window.ts'

/** A window that waits for the watermark. */
export interface ScheduledWindow {
  readonly window: TimeWindow
  /** When it is given up: its last timestamp plus the allowed lateness. */
  readonly cleanupMs: number
}

/**
 * The windows of an operator in the order of their ends: those yet to fire, and those that have
 * fired and stay for late records. There is no timer per key and window.
 */
export class WindowSchedule<S extends ScheduledWindow> {
  readonly #unfired = new BinaryHeap<S>(endsBefore)
  readonly #fired = new BinaryHeap<S>(endsBefore)

  /** Takes in a window; one whose end the watermark has passed counts as fired. */
  add(scheduled: S, watermarkMs: number): void {
    if (scheduled.window.maxTimestampMs <= watermarkMs) this.#fired.push(scheduled)
    else this.#unfired.push(scheduled)
  }

  /** Fires and gives up what the watermark has passed, in order of time. */
  advance(watermarkMs: number, fire: (due: S) => void, giveUp: (over: S) => void): void {
    for (;;) {
      const next = this.#unfired.peek()
      const fireMs = next === undefined ? Number.POSITIVE_INFINITY : next.window.maxTimestampMs
      const oldest = this.#fired.peek()
      if (oldest !== undefined && oldest.cleanupMs <= Math.min(watermarkMs, fireMs)) {
        this.#fired.pop()
        giveUp(oldest)
        continue
      }
      if (next === undefined || fireMs > watermarkMs) return
      this.#unfired.pop()
      fire(next)
      this.#fired.push(next)
    }
  }
}

function endsBefore(left: ScheduledWindow, right: ScheduledWindow): boolean {
  return left.window.endMs < right.window.endMs
}

import type { Window } from './window.ts'

/**
 * The time from `startMs` (included) to `endMs` (excluded), milliseconds since 1970.
 *
 * ```ts
 * const window = new TimeWindow(0, 10)
 * window.maxTimestampMs // => 9
 * String(window) // => '[0, 10)'
 * ```
 */
export class TimeWindow implements Window {
  readonly startMs: number
  readonly endMs: number
  #name: string | undefined

  constructor(startMs: number, endMs: number) {
    this.startMs = startMs
    this.endMs = endMs
  }

  /** The last timestamp that is in the window; results carry it. */
  get maxTimestampMs(): number {
    return this.endMs - 1
  }

  /** `start:end`. Made once: session windows are looked up by it several times per record. */
  get name(): string {
    this.#name ??= `${this.startMs}:${this.endMs}`
    return this.#name
  }

  /** The window of a {@link TimeWindow.name}, or undefined if the text is none. */
  static ofName(name: string): TimeWindow | undefined {
    const colon = name.indexOf(':')
    const window = new TimeWindow(Number(name.slice(0, colon)), Number(name.slice(colon + 1)))
    if (colon < 1 || Number.isNaN(window.startMs) || Number.isNaN(window.endMs)) return undefined
    window.#name = name
    return window
  }

  /** True if the two overlap or touch: such session windows are one. */
  touches(other: TimeWindow): boolean {
    return this.startMs <= other.endMs && this.endMs >= other.startMs
  }

  /** The smallest window that covers both. */
  cover(other: TimeWindow): TimeWindow {
    return new TimeWindow(Math.min(this.startMs, other.startMs), Math.max(this.endMs, other.endMs))
  }

  /** As `[start, end)`, for messages. */
  toString(): string {
    return `[${this.startMs}, ${this.endMs})`
  }
}

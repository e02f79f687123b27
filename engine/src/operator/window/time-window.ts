import type { Window } from './window.ts'

/** The time from `startMs` (included) to `endMs` (excluded), milliseconds since 1970. */
export class TimeWindow implements Window {
  readonly startMs: number
  readonly endMs: number

  constructor(startMs: number, endMs: number) {
    this.startMs = startMs
    this.endMs = endMs
  }

  get maxTimestampMs(): number {
    return this.endMs - 1
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

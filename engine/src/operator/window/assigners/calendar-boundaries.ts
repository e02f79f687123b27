import { TimeWindow } from '../time-window.ts'
import { LocalClock } from './local-clock.ts'

const DAY_MS = 86_400_000

/** Windows kept by the UTC day of the records that asked for them; more are forgotten. */
const KEPT_DAYS_MAX = 4096

/**
 * Finds the calendar unit that holds a moment. The time zone is asked once per unit: what was found
 * is kept, and the window of the record before is looked at first.
 */
export class CalendarBoundaries {
  readonly #unit: 'day' | 'week' | 'month'
  readonly #clock: LocalClock
  readonly #weekStart: number
  #last = new TimeWindow(0, 0)
  readonly #ofDay = new Map<number, TimeWindow[]>()

  /** @param weekStart the weekday that weeks start on, 0 being Sunday */
  constructor(unit: 'day' | 'week' | 'month', timeZone: string, weekStart: number) {
    this.#unit = unit
    this.#clock = new LocalClock(timeZone)
    this.#weekStart = weekStart
  }

  /** The window that holds a moment. */
  windowOf(timestampMs: number): TimeWindow {
    const last = this.#last
    if (timestampMs >= last.startMs && timestampMs < last.endMs) return last
    const day = Math.floor(timestampMs / DAY_MS)
    const known = this.#ofDay.get(day)
    const found =
      known?.find((one) => timestampMs >= one.startMs && timestampMs < one.endMs) ??
      this.#remember(day, this.#compute(timestampMs))
    this.#last = found
    return found
  }

  #remember(day: number, window: TimeWindow): TimeWindow {
    if (this.#ofDay.size >= KEPT_DAYS_MAX) this.#ofDay.clear()
    const known = this.#ofDay.get(day)
    if (known === undefined) this.#ofDay.set(day, [window])
    else known.push(window)
    return window
  }

  #compute(timestampMs: number): TimeWindow {
    const local = new Date(this.#clock.localOf(timestampMs))
    const year = local.getUTCFullYear()
    const month = local.getUTCMonth()
    const date = local.getUTCDate()
    if (this.#unit === 'month') {
      return this.#between(Date.UTC(year, month, 1), Date.UTC(year, month + 1, 1))
    }
    const intoWeek = (local.getUTCDay() - this.#weekStart + 7) % 7
    const [first, length] = this.#unit === 'day' ? [date, 1] : [date - intoWeek, 7]
    return this.#between(Date.UTC(year, month, first), Date.UTC(year, month, first + length))
  }

  #between(firstMs: number, nextMs: number): TimeWindow {
    return new TimeWindow(this.#clock.firstMomentOf(firstMs), this.#clock.firstMomentOf(nextMs))
  }
}

import { EngineError, ErrorCode } from '../../../base/engine-error.ts'
import { calendarPanes } from '../panes/calendar-panes.ts'
import type { TimeWindow } from '../time-window.ts'
import { eventTimeTrigger } from '../triggers/event-time-trigger.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import { START_END_CODEC } from '../window-codec.ts'
import { CalendarBoundaries } from './calendar-boundaries.ts'

/** A day of the week. */
export type Weekday =
  | 'sunday'
  | 'monday'
  | 'tuesday'
  | 'wednesday'
  | 'thursday'
  | 'friday'
  | 'saturday'

/** What {@link calendarEventTimeWindows} are made of. */
export interface CalendarWindows {
  readonly unit: 'day' | 'week' | 'month'
  /** A zone of the IANA database, such as `Europe/Berlin`. */
  readonly timeZone: string
  /** For weeks. Default: `monday`. */
  readonly weekStartsOn?: Weekday
}

const WEEKDAYS: readonly Weekday[] = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
]

/**
 * Days, weeks or months as the calendar of a time zone has them. On the days when the clocks change
 * a day has 23 or 25 hours; months have 28 to 31 days. A unit begins with the first moment of its
 * first local day, also where midnight does not exist.
 *
 * Boundaries come from the time zone data of the platform and from nothing else: equal data gives
 * equal windows on every machine, whatever its own zone.
 *
 * @throws INVALID_ARGUMENT for an unknown zone, unit or weekday
 * @example
 * ```ts
 * calendarEventTimeWindows({ unit: 'week', timeZone: 'Europe/Berlin', weekStartsOn: 'sunday' })
 * ```
 */
export function calendarEventTimeWindows(
  options: CalendarWindows,
): WindowAssigner<unknown, TimeWindow> {
  const { unit, timeZone, weekStartsOn = 'monday' } = options
  const weekStart = WEEKDAYS.indexOf(weekStartsOn)
  if (weekStart < 0) throw refused('weekStartsOn', weekStartsOn, WEEKDAYS.join(', '))
  if (unit !== 'day' && unit !== 'week' && unit !== 'month') {
    throw refused('unit', unit, 'day, week, month')
  }
  const boundaries = new CalendarBoundaries(unit, timeZone, weekStart)
  return {
    isEventTime: true,
    codec: START_END_CODEC,
    panes: () => calendarPanes(boundaries),
    assignWindows: (_value, timestampMs) => [boundaries.windowOf(timestampMs)],
    defaultTrigger: eventTimeTrigger,
  }
}

function refused(option: string, value: unknown, allowed: string): EngineError {
  return new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `calendarEventTimeWindows: ${option} is ${String(value)}, but must be one of ${allowed}`,
  )
}

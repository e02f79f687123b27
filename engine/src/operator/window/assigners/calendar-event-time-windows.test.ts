import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import { runInAllModes } from '../../../testing/run-in-all-modes.ts'
import type { TimeWindow } from '../time-window.ts'
import type { ProcessWindowCallback } from '../window-function.ts'
import { windowOperator } from '../window-operator.ts'
import { type CalendarWindows, calendarEventTimeWindows } from './calendar-event-time-windows.ts'

type Sums = ProcessWindowCallback<number, string, string, TimeWindow>

const HOUR_MS = 3_600_000
const utc = (text: string): number => Date.parse(`${text}Z`)
const context = { currentProcessingTimeMs: () => 0 }

function windowOf(options: CalendarWindows, timestampMs: number): TimeWindow {
  const windows = calendarEventTimeWindows(options).assignWindows(null, timestampMs, context)
  expect(windows).toHaveLength(1)
  return windows[0]!
}

const shown = ({ startMs, endMs }: TimeWindow): readonly string[] =>
  [startMs, endMs].map((ms) => new Date(ms).toISOString().slice(0, 16))

describe('days', () => {
  test.each([
    ['spring', '2024-03-31T12:00', 23],
    ['autumn', '2024-10-27T12:00', 25],
    ['another day', '2024-10-28T12:00', 24],
  ])('in %s a day of Berlin has its hours', (_name, at, hours) => {
    const { startMs, endMs } = windowOf({ unit: 'day', timeZone: 'Europe/Berlin' }, utc(at))
    expect((endMs - startMs) / HOUR_MS).toBe(hours)
  })

  test('days of Shanghai start eight hours before those of UTC', () => {
    const day = windowOf({ unit: 'day', timeZone: 'Asia/Shanghai' }, utc('2024-05-01T20:00'))
    expect(shown(day)).toEqual(['2024-05-01T16:00', '2024-05-02T16:00'])
  })

  test('where midnight does not exist, the day starts with the first moment after it', () => {
    // Clocks in Sao Paulo went from 00:00 to 01:00 on 4 November 2018.
    const zone = { unit: 'day', timeZone: 'America/Sao_Paulo' } as const
    expect(shown(windowOf(zone, utc('2018-11-04T12:00')))).toEqual([
      '2018-11-04T03:00',
      '2018-11-05T02:00',
    ])
  })

  test('where midnight comes twice, the day starts with the first one', () => {
    // Clocks in Havana went from 01:00 back to 00:00 on 3 November 2024.
    const zone = { unit: 'day', timeZone: 'America/Havana' } as const
    expect(shown(windowOf(zone, utc('2024-11-03T12:00')))).toEqual([
      '2024-11-03T04:00',
      '2024-11-04T05:00',
    ])
  })

  test('a day that a zone left out has no window, and its neighbours meet', () => {
    // Samoa went from 29 to 31 December 2011.
    const zone = { unit: 'day', timeZone: 'Pacific/Apia' } as const
    const before = windowOf(zone, utc('2011-12-30T09:00'))
    const after = windowOf(zone, utc('2011-12-30T10:00'))
    expect(before.endMs).toBe(utc('2011-12-30T10:00'))
    expect(after.startMs).toBe(before.endMs)
  })
})

test('weeks start on Monday, or on the day that was set', () => {
  const at = utc('2024-05-01T10:00') // a Wednesday
  const week = { unit: 'week', timeZone: 'Europe/Berlin' } as const
  expect(shown(windowOf(week, at))).toEqual(['2024-04-28T22:00', '2024-05-05T22:00'])
  expect(shown(windowOf({ ...week, weekStartsOn: 'sunday' }, at))).toEqual([
    '2024-04-27T22:00',
    '2024-05-04T22:00',
  ])
})

test('months have 28 to 31 days', () => {
  const month = { unit: 'month', timeZone: 'UTC' } as const
  const days = [1, 2, 3, 4].map((number) => {
    const { startMs, endMs } = windowOf(month, utc(`2023-0${number}-15T00:00`))
    return (endMs - startMs) / HOUR_MS / 24
  })
  expect(days).toEqual([31, 28, 31, 30])
})

test.each([
  { unit: 'day', timeZone: 'Mars/Olympus' },
  { unit: 'year', timeZone: 'UTC' },
  { unit: 'week', timeZone: 'UTC', weekStartsOn: 'funday' },
])('%o is refused', (options) => {
  expect(() => calendarEventTimeWindows(options as CalendarWindows)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT' }),
  )
})

test('a window is just the moments of one calendar unit, in any zone', () => {
  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'UTC',
  ]
  const formats = new Map(
    zones.map((timeZone) => [timeZone, new Intl.DateTimeFormat('sv-SE', { timeZone })]),
  )
  const units = fc.constantFrom('day' as const, 'month' as const)
  const times = fc.array(
    fc.integer({ min: utc('1990-01-01T00:00'), max: utc('2030-01-01T00:00') }),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(fc.constantFrom(...zones), units, times, (timeZone, unit, list) => {
      const assigner = calendarEventTimeWindows({ unit, timeZone })
      // The reference: the platform's text of the date, 2024-05-01, cut to the unit.
      const unitOf = (ms: number): string =>
        formats
          .get(timeZone)!
          .format(ms)
          .slice(0, unit === 'day' ? 10 : 7)
      for (const timestampMs of [...list, ...list]) {
        const { startMs, endMs } = assigner.assignWindows(null, timestampMs, context)[0]!
        expect(timestampMs >= startMs && timestampMs < endMs).toBe(true)
        const own = unitOf(timestampMs)
        expect([unitOf(startMs), unitOf(endMs - 1)]).toEqual([own, own])
        expect([unitOf(startMs - 1), unitOf(endMs)]).not.toContain(own)
      }
    }),
    { seed: 31, numRuns: 100 },
  )
})

test('records are summed per local day, with late corrections, in every mode', () => {
  const operator = windowOperator({
    keySelector: () => 'all',
    assigner: calendarEventTimeWindows({ unit: 'day', timeZone: 'Europe/Berlin' }),
    computation: {
      kind: 'process' as const,
      process: ((_key, { window }, elements, out) =>
        out.collect(
          `${shown(window)[0]} ${[...elements].reduce((sum, one) => sum + one, 0)}`,
        )) satisfies Sums,
    },
    allowedLatenessMs: 24 * HOUR_MS,
  })
  const harness = runInAllModes<number, string>({ operator, keyBy: () => 'all' }, (h) => {
    h.process([1], utc('2024-03-30T22:59'))
    h.process([2, 4], utc('2024-03-30T23:00'))
    h.process([8], utc('2024-03-31T21:59'))
    h.process([16], utc('2024-03-31T22:00'))
    h.watermark(utc('2024-03-31T21:59') + 60_000)
    h.process([32], utc('2024-03-31T02:00'))
    h.watermark(MAX_WATERMARK_MS)
  })
  expect(harness.output).toEqual([
    '2024-03-29T23:00 1',
    '2024-03-30T23:00 14',
    '2024-03-30T23:00 46',
    '2024-03-31T22:00 16',
  ])
})

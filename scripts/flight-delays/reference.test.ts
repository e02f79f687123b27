import { expect, it } from 'vitest'
import type { FlightColumns } from './flight-columns.ts'
import { referenceOutput } from './reference.ts'

const MINUTE_MS = 60_000
const midnightMs = Date.UTC(2001, 0, 1)

/** Flights in the order of the file: minute of the day, delay, airport. */
function flightsOf(...flights: readonly (readonly [number, number, string])[]): FlightColumns {
  return {
    scheduledMs: flights.map(([minute]) => midnightMs + minute * MINUTE_MS),
    delays: flights.map(([, delay]) => delay),
    origins: flights.map(([, , origin]) => origin),
  }
}

it('counts the flights of an hour and an airport', () => {
  const flights = flightsOf([60, 15, 'JFK'], [61, 16, 'JFK'], [119, -3, 'JFK'], [119, 0, 'ABE'])
  expect(referenceOutput(flights)).toEqual({
    hourly: expect.toSatisfy((lines) => {
      const all = ['2001-01-01T01:00,ABE,1,0,0,0,0', '2001-01-01T01:00,JFK,3,28,9.333,16,0.333']
      return lines.toSorted().join('\n') === all.join('\n')
    }),
    daily: ['{"day":"2001-01-01","worst":[]}'],
    late: [],
  })
})

it('takes the nearest rank for the 95th percentile', () => {
  const percentile = (count: number): string | undefined => {
    const flights = Array.from({ length: count }, (_, i) => [0, i + 1, 'JFK'] as const)
    return referenceOutput(flightsOf(...flights)).hourly[0]?.split(',')[5]
  }
  expect([1, 2, 19, 20, 21, 40, 41].map(percentile)).toEqual([
    '1',
    '2',
    '19',
    '19',
    '20',
    '38',
    '39',
  ])
})

it('ranks the airports with twenty flights or more, the worst first, equal ones by name', () => {
  const times = (count: number, delay: number, airport: string) =>
    Array.from({ length: count }, (_, i) => [i, delay, airport] as const)
  const flights = [
    ...times(20, 5, 'BBB'),
    ...times(19, 50, 'FEW'),
    ...times(20, 5, 'AAA'),
    ...times(21, 9, 'CCC'),
  ]
  const [day] = referenceOutput(flightsOf(...flights)).daily
  expect(JSON.parse(day ?? '')).toEqual({
    day: '2001-01-01',
    worst: [
      { airport: 'CCC', flights: 21, totalDelay: 189, meanDelay: 9 },
      { airport: 'AAA', flights: 20, totalDelay: 100, meanDelay: 5 },
      { airport: 'BBB', flights: 20, totalDelay: 100, meanDelay: 5 },
    ],
  })
})

it('finds a flight late once the watermark has reached the end of its hour', () => {
  const late = (delay: number, otherMinute: number) =>
    referenceOutput(flightsOf([10, delay, 'LAT'], [otherMinute, 0, 'JFK'])).late
  // A flight at 4:00 moves the watermark to 0:59:59.999, one at 3:59 only to 0:58:59.999.
  expect(late(231, 240)).toEqual([`0,LAT,${midnightMs + 10 * MINUTE_MS},231`])
  expect(late(231, 239)).toEqual([])
  expect(late(230, 240)).toEqual([]) // both leave at 4:00, and this one stands first
})

it('moves the watermark in steps of ten minutes or more', () => {
  const flights = (minute: number) =>
    flightsOf([10, 300, 'LAT'], [231, 0, 'JFK'], [minute, 0, 'JFK'])
  // From 0:50:59.999 the next step is to 1:00:59.999 or later; 4:00 would only reach 0:59:59.999.
  expect(referenceOutput(flights(240)).late).toEqual([])
  expect(referenceOutput(flights(241)).late).toHaveLength(1)
})

it('keeps the order of the file among flights of the same minute', () => {
  const late = referenceOutput(flightsOf([300, 0, 'JFK'], [10, 290, 'LAT'], [20, 280, 'LAT'])).late
  expect(late.map((line) => line.split(',')[0])).toEqual(['1', '2'])
})

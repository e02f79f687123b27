import type { FlightColumns } from './flight-columns.ts'

/** The lines of all output files, in no particular order. */
export interface OutputLines {
  readonly hourly: readonly string[]
  readonly daily: readonly string[]
  readonly late: readonly string[]
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** What the job is said to do; these numbers are written down twice on purpose. */
const BOUND_MS = 3 * HOUR_MS
const WATERMARK_STEP_MS = 10 * MINUTE_MS
const LONG_DELAY_MINUTES = 15
const RANKED_FLIGHTS_MIN = 20
const RANKED_AIRPORTS = 10

/**
 * What the job must have written, computed by plain code over the whole data at once: no streams,
 * no state, nothing of the engine or of the example.
 */
export function referenceOutput(flights: FlightColumns): OutputLines {
  const late: string[] = []
  /** Delays by hour and airport: `<start of the hour> <airport>`. */
  const delaysByHour = new Map<string, number[]>()
  let highestMs = Number.NEGATIVE_INFINITY
  let watermarkMs = Number.NEGATIVE_INFINITY
  for (const row of orderOfDeparture(flights)) {
    const scheduledMs = flights.scheduledMs[row]!
    const delay = flights.delays[row]!
    const airport = flights.origins[row]!
    const hourMs = scheduledMs - (scheduledMs % HOUR_MS)
    // An hour is over when the watermark reaches its last millisecond.
    if (watermarkMs >= hourMs + HOUR_MS - 1) {
      late.push(`${row},${airport},${scheduledMs},${delay}`)
    } else {
      const key = `${hourMs} ${airport}`
      const delays = delaysByHour.get(key)
      if (delays === undefined) delaysByHour.set(key, [delay])
      else delays.push(delay)
    }
    // A watermark follows the flight that moves it, if it moves far enough.
    highestMs = Math.max(highestMs, scheduledMs)
    const nextMs = highestMs - BOUND_MS - 1
    if (nextMs - watermarkMs >= WATERMARK_STEP_MS) watermarkMs = nextMs
  }
  return { ...hoursAndDays(delaysByHour), late }
}

/** Rows by time of departure; those of the same minute in the order of the file. */
function orderOfDeparture({ scheduledMs, delays }: FlightColumns): readonly number[] {
  const departures = scheduledMs.map((ms, row) => ms + delays[row]! * MINUTE_MS)
  return scheduledMs
    .map((_, row) => row)
    .sort((left, right) => departures[left]! - departures[right]! || left - right)
}

function hoursAndDays(delaysByHour: ReadonlyMap<string, number[]>): Omit<OutputLines, 'late'> {
  const hourly: string[] = []
  const days = new Map<number, Map<string, { flights: number; total: number }>>()
  for (const [key, delays] of delaysByHour) {
    const [startMs = '', airport = ''] = key.split(' ')
    delays.sort((left, right) => left - right)
    const count = delays.length
    let total = 0
    let long = 0
    for (const delay of delays) {
      total += delay
      if (delay > LONG_DELAY_MINUTES) long++
    }
    // Nearest rank: the smallest delay that 95 % of the flights do not exceed.
    const p95 = delays.find((_, index) => (index + 1) * 100 >= count * 95)
    const hour = new Date(Number(startMs)).toISOString().slice(0, 16)
    const fields = [hour, airport, count, total, thousandths(total, count), p95]
    hourly.push([...fields, thousandths(long, count)].join(','))
    const dayMs = Math.floor(Number(startMs) / DAY_MS) * DAY_MS
    if (!days.has(dayMs)) days.set(dayMs, new Map())
    const airports = days.get(dayMs)!
    const sum = airports.get(airport) ?? { flights: 0, total: 0 }
    airports.set(airport, { flights: sum.flights + count, total: sum.total + total })
  }
  return { hourly, daily: [...days].map(([dayMs, airports]) => dayLine(dayMs, airports)) }
}

function dayLine(
  dayMs: number,
  airports: ReadonlyMap<string, { readonly flights: number; readonly total: number }>,
): string {
  const ranked = [...airports]
    .filter(([, { flights }]) => flights >= RANKED_FLIGHTS_MIN)
    .map(([airport, { flights, total }]) => ({
      airport,
      flights,
      totalDelay: total,
      meanDelay: thousandths(total, flights),
    }))
  ranked.sort((left, right) => {
    if (left.meanDelay !== right.meanDelay) return right.meanDelay - left.meanDelay
    return left.airport < right.airport ? -1 : 1
  })
  const day = new Date(dayMs).toISOString().slice(0, 10)
  return JSON.stringify({ day, worst: ranked.slice(0, RANKED_AIRPORTS) })
}

/** A quotient to three places. */
function thousandths(dividend: number, divisor: number): number {
  return Math.round((dividend / divisor) * 1000) / 1000
}

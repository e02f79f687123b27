import type { OutputLines } from './reference.ts'

/** An airport over the whole time. */
interface Airport {
  readonly airport: string
  readonly flights: number
  readonly totalDelay: number
  readonly over15: number
}

/** One in this many flights must be an airport's own for it to be ranked. */
const RANKED_PART = 3_000

/** The table of the ten airports with the highest mean delay, made of the hourly output. */
export function worstAirportsTable(output: OutputLines): readonly string[] {
  const { airports, firstDay, lastDay } = sums(output)
  const all = airports.reduce((sum, { flights }) => sum + flights, 0)
  const flightsMin = Math.ceil(all / RANKED_PART)
  const worst = airports
    .filter(({ flights }) => flights >= flightsMin)
    .sort((left, right) => meanOf(right) - meanOf(left))
    .slice(0, 10)
  const title =
    `The ten worst of ${airports.length} airports, ${firstDay} to ${lastDay} ` +
    `(${flightsMin.toLocaleString('en')} flights or more)`
  const header = row('', 'airport', 'flights', 'mean delay', 'over 15 min')
  const rows = worst.map((airport, index) => {
    const share = ((airport.over15 / airport.flights) * 100).toFixed(1)
    const flights = airport.flights.toLocaleString('en')
    return row(
      `${index + 1}`,
      airport.airport,
      flights,
      `${meanOf(airport).toFixed(1)} min`,
      `${share} %`,
    )
  })
  return [title, header, ...rows]
}

function sums(output: OutputLines) {
  const airports = new Map<string, Airport>()
  let firstDay = '9999'
  let lastDay = ''
  for (const line of output.hourly) {
    const [hour = '', airport = '', flightCount, delay, , , share] = line.split(',')
    const day = hour.slice(0, 10)
    if (day < firstDay) firstDay = day
    if (day > lastDay) lastDay = day
    const sum = airports.get(airport)
    const flights = Number(flightCount)
    airports.set(airport, {
      airport,
      flights: (sum?.flights ?? 0) + flights,
      totalDelay: (sum?.totalDelay ?? 0) + Number(delay),
      // A share of three places times an hour's flights is nearer to the count than one half.
      over15: (sum?.over15 ?? 0) + Math.round(Number(share) * flights),
    })
  }
  return { airports: [...airports.values()], firstDay, lastDay }
}

function meanOf({ totalDelay, flights }: Airport): number {
  return totalDelay / flights
}

function row(rank: string, airport: string, flights: string, mean: string, share: string): string {
  const left = `${rank.padStart(3)}  ${airport.padEnd(7)}`
  return `${left}  ${flights.padStart(9)}  ${mean.padStart(11)}  ${share.padStart(11)}`
}

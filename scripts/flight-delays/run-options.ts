import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'

/** What `npm start` is told on the command line. */
export interface RunOptions {
  /** Decides when the job is killed. */
  readonly seed: number
  /** How many flights are replayed. */
  readonly records: number
  /** Flights per second; undefined for as fast as possible. */
  readonly rate: number | undefined
  readonly kills: number
  /** The command that repeats the run. */
  readonly replay: string
  /** The folder to work in; undefined for a new one under the system's temporary folder. */
  readonly folder: string | undefined
  /** Whether the folder stays at the end. */
  readonly keep: boolean
}

/** How many flights the file holds. */
const FLIGHTS = 3_000_000

/** Three kills in about ten seconds of replay. */
const DEFAULTS = { kills: '3', records: String(FLIGHTS), rate: '300000' } as const

const USAGE = `usage: npm start -- [options]
  --seed N      kill at the points that a former run printed this seed for
  --kills N     how often the job is killed (3)
  --records N   replay only the first N flights (3000000)
  --rate N      flights per second, 0 for no limit (300000)
  --dir FOLDER  work in FOLDER, which must be empty or not exist
  --keep        leave the folder with checkpoints and output`

/** A command line that cannot be understood, or that asks for help. */
export class UsageError extends Error {}

/** @throws UsageError with the sentence to print */
export function runOptions(args: readonly string[]): RunOptions {
  const { values } = parsed(args)
  if (values.help) throw new UsageError(USAGE)
  const rate = wholeNumber('rate', values.rate, 0)
  const seed =
    values.seed === undefined ? randomInt(1_000_000) : wholeNumber('seed', values.seed, 0)
  const changed = (['kills', 'records', 'rate'] as const).filter(
    (name) => values[name] !== DEFAULTS[name],
  )
  const further = changed.map((name) => ` --${name} ${values[name]}`).join('')
  return {
    seed,
    replay: `npm start -- --seed ${seed}${further}`,
    records: Math.min(FLIGHTS, wholeNumber('records', values.records, 1)),
    rate: rate === 0 ? undefined : rate,
    kills: wholeNumber('kills', values.kills, 0),
    folder: values.dir,
    keep: values.keep,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        kills: { type: 'string', default: DEFAULTS.kills },
        records: { type: 'string', default: DEFAULTS.records },
        rate: { type: 'string', default: DEFAULTS.rate },
        dir: { type: 'string' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`)
  }
}

function wholeNumber(name: string, text: string, min: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= min) return value
  throw new UsageError(`--${name} must be a whole number from ${min}, not '${text}'\n${USAGE}`)
}

import { JOB_SETTINGS, THREADS_SETTINGS } from '../jobs/measured-job.ts'
import { FLINK_CASE, flinkPrograms } from '../peers/flink/flink-programs.ts'
import { peerPrograms } from '../peers/peer-programs.ts'
import type { BenchmarkResult } from '../runner/benchmark-result.ts'
import { ratioFloor } from '../runner/floors.ts'
import type { Program, ProgramSize } from '../runner/program.ts'
import { programSuite } from '../runner/program-suite.ts'
import type { Floor, Suite } from '../runner/suite.ts'
import { digestEvents, generateEvents } from './generator-alone.ts'
import type { AnyNexmarkQuery } from './queries/nexmark-query.ts'
import { QUERIES } from './queries/queries.ts'
import { verifyQuery } from './reference/verify-query.ts'
import { type QueryTarget, runQuery } from './run-query.ts'

/** The generator with the digest of q0, but without an engine. */
const DIGESTED = 'generator-digested'

/** For queries without state: to start a job must not count beside its records. */
const PLAIN: ProgramSize = { records: 40_000_000, warmUpRecords: 4_000_000 }
/** For queries whose state stays small. */
const LIGHT: ProgramSize = { records: 20_000_000, warmUpRecords: 4_000_000 }
/** For queries whose state or files grow with the input. */
const HEAVY: ProgramSize = { records: 5_000_000, warmUpRecords: 1_000_000 }
/** For a query that keeps all that came: Flink did not get to the end of five million events. */
const KEEPING_ALL: ProgramSize = { records: 2_000_000, warmUpRecords: 500_000 }
const QUICK: ProgramSize = { records: 100_000, warmUpRecords: 50_000 }

const PLAIN_QUERIES: ReadonlySet<string> = new Set(['q0', 'q1', 'q2', 'q13', 'q14', 'q21', 'q22'])

const HEAVY_QUERIES: ReadonlySet<string> = new Set([
  ...['q4', 'q6', 'q9', 'q10', 'q16', 'q18', 'q19', 'q20'],
])

/** How many events are checked against the reference before anything is measured. */
const VERIFIED_EVENTS = { full: 1_000_000, quick: 50_000 }

/** What q0 must reach against {@link DIGESTED}, in events per CPU-second. */
const GENERATOR_FLOOR = 0.6

/** What a query must reach against Flink, in events per CPU-second. */
const FLINK_FLOORS: Readonly<Record<string, number>> = {
  ...{ q0: 3, q1: 3, q2: 3, q14: 3, q21: 3, q22: 3 },
  ...{ q3: 2, q8: 2, q10: 2, q11: 2, q12: 2, q13: 2, q15: 2, q17: 2 },
  ...{ q4: 3, q5: 3, q7: 3, q9: 3, q16: 3, q18: 3, q19: 3, q20: 3 },
}
const FLINK_MEAN_FLOOR = 3

const ALONE = { engine: 'generator alone', full: PLAIN, quick: QUICK, settings: {} }

const programs: readonly Program[] = [
  { ...ALONE, name: 'generator', run: generateEvents },
  { ...ALONE, name: DIGESTED, group: 'q0', run: digestEvents },
  ...QUERIES.map((query) => programOf(query, 'isolate')),
]

/** The same queries on two threads each. */
const threadPrograms = QUERIES.map((query) => programOf(query, 'threads'))

/** The Nexmark queries, and their input alone. */
export const nexmark: Suite = programSuite({
  name: 'nexmark',
  about: `the Nexmark queries ${QUERIES.map(({ name }) => name).join(' ')}, and the generator alone`,
  programs: [...programs, ...threadPrograms],
  peersOf: (asked, progress) =>
    peerPrograms({ asked, progress }, { flink: () => flinkPrograms(programs) }),
  floorsOf,
})

function programOf(query: AnyNexmarkQuery, target: QueryTarget): Program {
  const { name, about } = query
  const isOnThreads = target === 'threads'
  const settings = isOnThreads ? THREADS_SETTINGS : JOB_SETTINGS
  return {
    name: isOnThreads ? `${name}-threads` : name,
    group: name,
    engine: isOnThreads ? 'millrace on threads' : 'millrace',
    full: sizeOf(name),
    quick: QUICK,
    settings: { ...settings, generatorSeed: 1, generatorRate: 10_000 },
    notes: [about],
    run: async (events) => {
      const outcome = await runQuery(query, events, target)
      return name === 'q12' ? { ...outcome, output: null } : outcome
    },
    // Those on threads are compared with those in one isolate.
    ...(!isOnThreads && {
      verify: (quick) => verifyQuery(query, quick ? VERIFIED_EVENTS.quick : VERIFIED_EVENTS.full),
    }),
  }
}

function sizeOf(query: string): ProgramSize {
  if (query === 'q23') return KEEPING_ALL
  if (HEAVY_QUERIES.has(query)) return HEAVY
  return PLAIN_QUERIES.has(query) ? PLAIN : LIGHT
}

function floorsOf(results: readonly BenchmarkResult[]): readonly Floor[] {
  const per = 'cpu-second'
  const input = { of: 'q0', over: DIGESTED, atLeast: GENERATOR_FLOOR, per } as const
  const ofQueries = Object.entries(FLINK_FLOORS).flatMap(([name, atLeast]) =>
    ratioFloor(results, { of: name, over: `${FLINK_CASE}${name}`, atLeast, per }),
  )
  return [...ratioFloor(results, input), ...ofQueries, ...overallFloors(ofQueries)]
}

/** Over all queries: the geometric mean, and the worst. */
function overallFloors(floors: readonly Floor[]): readonly Floor[] {
  if (floors.length === 0) return []
  const ratios = floors.map(({ actual }) => actual)
  const meanLog = ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length
  return [
    { name: 'geometric mean over flink', actual: Math.exp(meanLog), atLeast: FLINK_MEAN_FLOOR },
    { name: 'worst query over flink', actual: Math.min(...ratios), atLeast: 1 },
  ]
}

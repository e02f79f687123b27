import { type CrashRunOutcome, type CrashRunPlan, crashRun } from './crash-run.ts'
import type { PlantedBug } from './planted-bugs.ts'
import { planOfSeed } from './seeded-plan.ts'

/** Which seeds to run, and how. */
export interface SeedRange {
  readonly first: number
  readonly count: number
  /** A mistake in the engine that is to be found. */
  readonly bug?: PlantedBug | undefined
  /** Stops after so many failures. Default: never. */
  readonly failuresMax?: number
  /** Called after each seed. */
  readonly onSeed?: (seed: number, outcome: CrashRunOutcome) => void
}

/** A seed whose run failed. */
export interface FailedSeed {
  readonly seed: number
  readonly plan: CrashRunPlan
  readonly outcome: CrashRunOutcome
}

/** How the runs of many seeds went. */
export interface SeedSummary {
  readonly passed: number
  readonly failed: readonly FailedSeed[]
  readonly eventCount: number
  /** What happened how often, over all runs. */
  readonly counters: ReadonlyMap<string, number>
}

/** Every so many seeds a run is repeated and must be the same in all its events. */
const REPEATED_EVERY = 50

/** Runs a range of seeds, one after the other. */
export async function runSeeds(range: SeedRange): Promise<SeedSummary> {
  const { first, count, bug, failuresMax = Number.POSITIVE_INFINITY, onSeed } = range
  const counters = new Map<string, number>()
  const failed: FailedSeed[] = []
  let passed = 0
  let eventCount = 0
  for (let seed = first; seed < first + count && failed.length < failuresMax; seed++) {
    const plan: CrashRunPlan = { ...planOfSeed(seed), bug }
    let outcome = await crashRun(plan)
    if (seed % REPEATED_EVERY === 0) outcome = compared(outcome, await crashRun(plan))
    eventCount += outcome.eventCount
    for (const [name, times] of outcome.counters) {
      counters.set(name, (counters.get(name) ?? 0) + times)
    }
    if (outcome.failure === undefined) passed++
    else failed.push({ seed, plan, outcome })
    onSeed?.(seed, outcome)
  }
  return { passed, failed, eventCount, counters }
}

/** All that is known of a failure, and how to see it again. */
export function describeFailure({ seed, plan, outcome }: FailedSeed): string {
  const { pipeline, schedule } = plan
  const { sources, ...rest } = pipeline
  const inputs = sources.map(({ steps, ...source }) => ({
    ...source,
    recordCount: steps.reduce((sum, step) => sum + step.records.length, 0),
  }))
  return [
    `seed ${seed}: ${outcome.failure}`,
    `sources: ${JSON.stringify(inputs)}`,
    `pipeline: ${JSON.stringify(rest)}`,
    `faults: ${JSON.stringify(schedule)}`,
    outcome.report,
    `replay: ${replayLine(seed)}`,
  ].join('\n')
}

/** The command that runs a seed again. */
export function replayLine(seed: number): string {
  return `pnpm sim --seeds 1 --seed-base ${seed}`
}

/** The counters of faults and fault points, one line each. */
export function describeCounters(counters: ReadonlyMap<string, number>): readonly string[] {
  return [...counters]
    .filter(([name]) => !/^(faultPoint|buggify|crash|fail):/.test(name))
    .map(([name, count]) => `${name}: ${count}`)
    .sort()
}

function compared(outcome: CrashRunOutcome, again: CrashRunOutcome): CrashRunOutcome {
  if (outcome.failure !== undefined || again.hash === outcome.hash) return outcome
  const failure = `two runs of the seed differ: ${outcome.hash} and ${again.hash}`
  return { ...outcome, failure }
}

import { randomUUID } from 'node:crypto'
import type { BenchmarkResult, Sample, Unit } from '../runner/benchmark-result.ts'
import { sampleInChild } from '../runner/child-sample.ts'
import { codeVersion } from '../runner/code-version.ts'
import { describeMachine } from '../runner/machine.ts'
import { makeResult, type ResultParts } from '../runner/make-result.ts'
import { type Measured, measure, warmUp } from '../runner/measure.ts'
import { failures, interleaved, voidOf } from '../runner/repeat.ts'
import {
  type ChildReport,
  type Floor,
  type RunOptions,
  type Suite,
  type SuiteOutcome,
  WrongOutput,
} from '../runner/suite.ts'
import { SENSORS, WINDOW_MS } from './readings.ts'
import { countByJob, type JobSettings } from './windowed-count-job.ts'
import { countByLoop } from './windowed-count-loop.ts'

const SUITE = 'windowed-count'
const SETTINGS: JobSettings = { checkpointIntervalMs: 1_000, watermarkIntervalMs: 200 }

/** Records of a measured run and of a run of the warm-up, and how often all is done. */
const FULL = { records: 120_000_000, warmUpRecords: 30_000_000, repeats: 5, maxWarmUpRuns: 6 }
const QUICK = { records: 10_000_000, warmUpRecords: 5_000_000, repeats: 3, maxWarmUpRuns: 3 }

/** What the engine must reach against the loop, and in records per second. */
const RATIO_FLOOR = 0.3
const RATE_FLOOR = 5e6

/** Which of the two is measured first in a process; the repeats take turns. */
const ORDERS = ['engine-first', 'loop-first'] as const

/**
 * The floor job: source -> map -> filter -> keyBy -> tumbling count in one isolate, a checkpoint
 * every second, against the same computation as one loop written by hand. Both are measured in each
 * process, one after the other, each warm; their outputs must be equal before a figure counts.
 */
export const windowedCount: Suite = {
  name: SUITE,
  about: 'source -> map -> filter -> keyBy -> tumbling count against a hand-written loop',
  compared: [{ sample: 'engine-first', case: 'engine', betterIs: 'higher' }],
  run,
  sample,
}

async function sample(name: string, quick: boolean): Promise<ChildReport> {
  const { records, warmUpRecords, maxWarmUpRuns } = quick ? QUICK : FULL
  const limits = { tolerance: 0.05, maxRuns: maxWarmUpRuns }
  const measureEngine = async (): Promise<Measured<{ text: string; checkpoints: number }>> => {
    await warmUp(() => countByJob(warmUpRecords, SETTINGS), limits)
    return measure(async () => {
      const { digest, completedCheckpoints } = await countByJob(records, SETTINGS)
      return { records, outcome: { text: digest.text, checkpoints: completedCheckpoints } }
    })
  }
  const measureLoop = async (): Promise<Measured<string>> => {
    const intervalMs = SETTINGS.watermarkIntervalMs
    await warmUp(() => countByLoop(warmUpRecords, intervalMs), limits)
    return measure(() => ({ records, outcome: countByLoop(records, intervalMs).text }))
  }
  const early = name === 'loop-first' ? await measureLoop() : undefined
  const engine = await measureEngine()
  const loop = early ?? (await measureLoop())
  return {
    samples: { engine: engine.sample, loop: loop.sample },
    outputs: { engine: engine.outcome.text, loop: loop.outcome },
    facts: { checkpoints: engine.outcome.checkpoints },
  }
}

async function run({ quick, repeats: asked, progress, signal }: RunOptions): Promise<SuiteOutcome> {
  const { records, repeats } = quick ? QUICK : FULL
  const common = commonParts(records)
  let turn = 0
  const take = (): Promise<ChildReport> =>
    sampleInChild(SUITE, ORDERS[turn++ % ORDERS.length] as string, quick)
  const { failed, onFailure } = failures(progress)
  const turns = { repeats: asked ?? repeats, take, progress, signal, onFailure }
  const taken = await interleaved([SUITE], turns)
  const reports = taken.get(SUITE) ?? []
  if (reports.length === 0) return { results: [], floors: [], failed }
  return outcomeOf(reports, common, quick ? 0 : 2)
}

/**
 * Makes results and floors of what the child processes reported.
 *
 * @param checkpointFloor how many checkpoints each sample must have completed
 * @throws WrongOutput if job and loop, or two processes, computed different counts
 */
export function outcomeOf(
  reports: readonly ChildReport[],
  common: CommonParts,
  checkpointFloor: number,
): SuiteOutcome {
  const outputHash = outputOf(reports)
  const checkpoints = reports.map(({ facts }) => facts.checkpoints ?? 0)
  const result = ({ reference, ...parts }: CaseParts): BenchmarkResult =>
    makeResult({
      ...common,
      ...parts,
      verification: { status: 'equal', outputHash, reference },
    })
  const engine = result({
    case: 'engine',
    engine: 'millrace',
    unit: 'records/s',
    samples: reports.map(({ samples }) => samples.engine as Sample),
    notes: [`checkpoints completed in each sample: ${checkpoints.join(', ')}`],
    reference: 'the hand-written loop of the same process',
  })
  const loop = result({
    case: 'loop',
    engine: 'hand-written loop',
    unit: 'records/s',
    samples: reports.map(({ samples }) => samples.loop as Sample),
    notes: ['no checkpoints'],
    reference: 'the engine of the same process',
  })
  const ratio = result({
    case: 'engine-over-loop',
    engine: 'millrace',
    unit: 'ratio',
    samples: reports.map(ratioSample),
    notes: ['rate of the engine over that of the loop, both of one process'],
    reference: 'the hand-written loop of the same process',
  })
  const floors: Floor[] = [
    { name: 'engine over loop', atLeast: RATIO_FLOOR, actual: ratio.median },
    { name: 'records per second', atLeast: RATE_FLOOR, actual: engine.median },
    { name: 'checkpoints in a sample', atLeast: checkpointFloor, actual: Math.min(...checkpoints) },
  ]
  return { results: [engine, loop, ratio], floors }
}

/** What tells the cases of the suite apart. */
interface CaseParts extends Pick<ResultParts, 'case' | 'engine' | 'samples' | 'notes'> {
  readonly unit: Unit
  readonly reference: string
}

/** What the cases share. */
export type CommonParts = Omit<
  ResultParts,
  'case' | 'engine' | 'samples' | 'notes' | 'unit' | 'verification'
>

function commonParts(records: number): CommonParts {
  return {
    suite: SUITE,
    parameters: { records, sensors: SENSORS, windowMs: WINDOW_MS },
    ...codeVersion(),
    settings: {
      ...SETTINGS,
      parallelism: 1,
      checkpointStorage: 'memory',
      stateBackend: 'heap',
      nodeFlags: process.execArgv.filter((flag) => !flag.includes('/')).join(' '),
    },
    startedAt: new Date().toISOString(),
    runId: randomUUID(),
    machine: describeMachine(),
  }
}

/** The digest that all outputs of all processes share. */
function outputOf(reports: readonly ChildReport[]): string {
  const digests = new Set(reports.flatMap(({ outputs }) => Object.values(outputs)))
  const [digest, ...others] = digests
  if (digest !== undefined && others.length === 0) return digest
  throw new WrongOutput(`FAILED: the outputs differ: ${[...digests].join(', ')}`)
}

function ratioSample(report: ChildReport): Sample {
  const { engine, loop } = report.samples as Record<'engine' | 'loop', Sample>
  return { ...engine, value: engine.value / loop.value, void: voidOf(report) }
}

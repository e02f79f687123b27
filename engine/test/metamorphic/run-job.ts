import {
  type StreamExecutionEnvironment,
  type WatermarkStrategy,
  watermarks,
} from '../../src/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { type JobDriver, testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import {
  type BuildJob,
  type Item,
  type JobParts,
  PUNCTUAL_STEP_MS,
  STEP_MS,
  type Step,
} from './subject.ts'
import type { Variation } from './variation.ts'

/** One job with its input, to be run in many variations. */
export interface JobRun<D> {
  readonly build: BuildJob<D>
  readonly description: D
  readonly steps: readonly Step[]
  /** How far watermarks stand behind the latest record. */
  readonly boundMs: number
  /** False if the input has one order that results depend on: then it is one split. */
  readonly isPermutable: boolean
  /** True if results follow from when the steps happen: no restart may delay one. */
  readonly isPunctual: boolean
}

/** When the steps begin: the job has started by then. */
const FIRST_STEP_MS = 50

const IDLE_MS = 30

/** An input is idle by then, also if the job is started again first. */
const SILENCE_MS = 120

/** Runs a job in virtual time and gives what it has committed, in the order of the commits. */
export async function runJob<D>(run: JobRun<D>, variation: Variation): Promise<readonly string[]> {
  const { steps, isPunctual } = run
  const stepMs = isPunctual ? PUNCTUAL_STEP_MS : STEP_MS
  const splitCount = splitCountOf(run, variation)
  const inputs = [0, 1].map(() => new ScriptedInput<Item>(splitCount))
  const log = new FakeTransactionLog<string>()
  let life = 0
  const job: JobDriver = testJob(
    (env) => {
      env.setParallelism(parallelismIn(life++, variation))
      buildJob(run, env, { inputs, log, variation, job: () => job })
    },
    {
      seed: variation.seed,
      settings: { 'pipeline.operator-chaining.enabled': variation.chaining },
      faults: { buggify: { enabledProbability: 0, always: pointsOf(variation) } },
    },
  )
  let nextStepMs = FIRST_STEP_MS
  for (const [index, step] of steps.entries()) {
    await advanceTo(job, nextStepMs, isPunctual)
    nextStepMs += variation.idleAfterStep === index ? SILENCE_MS : stepMs
    for (const [input, items] of step.entries()) feed(inputs[input] as ScriptedInput<Item>, items)
    const kill = variation.kills.find(({ afterStep }) => afterStep === index)
    if (kill === undefined) continue
    if (kill.delayMs === undefined) await job.checkpoints(2)
    else await job.advance(kill.delayMs)
    await job.kill()
  }
  await advanceTo(job, nextStepMs, isPunctual)
  for (const input of inputs) input.end()
  await job.finish()
  job.stop()
  return log.committed
}

interface Outside {
  readonly inputs: readonly ScriptedInput<Item>[]
  readonly log: FakeTransactionLog<string>
  readonly variation: Variation
  readonly job: () => JobDriver
}

function buildJob<D>(
  run: JobRun<D>,
  env: StreamExecutionEnvironment,
  { inputs, log, variation, job }: Outside,
): void {
  env.enableCheckpointing(run.isPunctual ? 20 : 6)
  const inOrder = watermarks.boundedOutOfOrderness<Item>(run.boundMs).emitEvery(1)
  const parts: JobParts = {
    env,
    items: (input, strategy: WatermarkStrategy<Item> = inOrder) => {
      const script = inputs[input] as ScriptedInput<Item>
      const isIdle = variation.idleAfterStep !== undefined
      const ownStrategy = isIdle ? strategy.withIdleness(IDLE_MS) : strategy
      const source = scriptedSource(script)
      return env.fromSource(source, ownStrategy, `items-${input}`, script.splitCount)
    },
    nowMs: () => job().world.virtualMs - FIRST_STEP_MS,
    later: (afterMs, value) =>
      new Promise((resolve, reject) => {
        const answer = (): void => (value instanceof Error ? reject(value) : resolve(value))
        job().world.after(afterMs, answer)
      }),
  }
  run.build(parts, run.description).sinkTo(transactionalSink(log))
}

/**
 * One for each reader: a split that waits to be assigned would not hold the watermark back, nor
 * would one that is idle.
 */
function splitCountOf<D>(run: JobRun<D>, variation: Variation): number {
  const { parallelism, rescales, idleAfterStep } = variation
  return run.isPermutable && !rescales && idleAfterStep === undefined ? parallelism : 1
}

/** The parallelism of a start of the job, counted from 0. */
function parallelismIn(life: number, { parallelism, rescales }: Variation): number {
  return rescales ? 1 + ((parallelism - 1 + life) % 3) : parallelism
}

function feed(input: ScriptedInput<Item>, items: readonly Item[]): void {
  for (let split = 0; split < input.splitCount; split++) {
    const own = items.filter(({ id }) => (id >> 1) % input.splitCount === split)
    input.feed(
      own.map((item) => record(item, item.atMs)),
      split,
    )
  }
}

async function advanceTo(job: JobDriver, atMs: number, isPunctual: boolean): Promise<void> {
  const restMs = atMs - job.world.virtualMs
  if (restMs < 0 && isPunctual) throw new Error(`a step took ${-restMs} ms too long`)
  if (restMs > 0) await job.advance(restMs)
}

function pointsOf({ batchSize }: Variation): readonly string[] {
  if (batchSize === 1) return ['task.one-record-batches']
  return batchSize === 7 ? ['task.seven-record-batches'] : []
}

import { type DataStream, watermarks } from '@millrace/engine'
import {
  assertExactlyOnce,
  FakeTransactionLog,
  record,
  type ScriptElement,
  ScriptedInput,
  scriptedSource,
  testJob,
  transactionalSink,
} from '@millrace/engine/testing'
import fc from 'fast-check'

/** The pipeline that an example exports. */
export type Pipeline<IN, OUT> = (input: DataStream<IN>) => DataStream<OUT>

/** How an example is run. */
export interface ExampleRun {
  readonly seed?: number
  readonly parallelism?: number
  /** How far the watermark is behind the highest event time so far. Default: no watermarks. */
  readonly outOfOrdernessMs?: number | undefined
  /** Kills the process when so many records have been sent, as `kill -9` does. */
  readonly killsAt?: readonly number[]
}

/** A record with its own time as event time. */
export function timed<T extends { readonly atMs: number }>(value: T): ScriptElement<T> {
  return record(value, value.atMs)
}

/** 2 March 2026, some time of the day in UTC. */
export const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`)

/**
 * Runs a pipeline in virtual time and returns what its sink has committed in the end. Before each
 * kill there is a checkpoint, and then records that no checkpoint covers.
 */
export async function outputOf<IN, OUT>(
  pipeline: Pipeline<IN, OUT>,
  elements: readonly ScriptElement<IN>[],
  { seed = 1, parallelism = 1, outOfOrdernessMs, killsAt = [] }: ExampleRun = {},
): Promise<readonly OUT[]> {
  const input = new ScriptedInput<IN>()
  const log = new FakeTransactionLog<OUT>()
  const byTime =
    outOfOrdernessMs === undefined
      ? watermarks.none<IN>()
      : watermarks.boundedOutOfOrderness<IN>(outOfOrdernessMs).emitEvery(1)
  const job = testJob(
    (env) => {
      env.enableCheckpointing(1_000).setParallelism(parallelism)
      // One reader, so that which records are late follows from the input alone.
      const stream = env.fromSource(scriptedSource(input), byTime, 'input', 1).uid('input')
      pipeline(stream).sinkTo(transactionalSink(log)).uid('output')
    },
    { seed, settings: { 'restart-strategy.type': 'none' } }, // an error is an error of the example
  )
  let sent = 0
  for (const killAt of killsAt.toSorted((a, b) => a - b)) {
    const middle = Math.floor((sent + killAt) / 2)
    input.feed(elements.slice(sent, middle))
    await job.checkpoints()
    input.feed(elements.slice(middle, killAt))
    await job.advance(50)
    await job.kill()
    sent = killAt
  }
  input.feed(elements.slice(sent))
  input.end()
  await job.finish()
  job.stop()
  return log.committed
}

/** What {@link comparesWithReference} compares. */
export interface Comparison<IN, OUT> {
  readonly pipeline: Pipeline<IN, OUT>
  readonly inputs: fc.Arbitrary<readonly IN[]>
  /** How inputs become elements; as {@link timed} does. */
  readonly element: (value: IN) => ScriptElement<IN>
  readonly outOfOrdernessMs?: number
  /** The whole answer, worked out in another way, in any order. */
  readonly reference: (inputs: readonly IN[]) => readonly OUT[]
  /** Takes the part of the output that the reference knows. Default: all. */
  readonly shown?: (output: readonly OUT[]) => readonly OUT[]
}

/** Runs a pipeline on random inputs at parallelism 2, killed up to twice, against a reference. */
export async function comparesWithReference<IN, OUT>(compared: Comparison<IN, OUT>): Promise<void> {
  const { pipeline, inputs, element, reference, outOfOrdernessMs } = compared
  const shown = compared.shown ?? ((output: readonly OUT[]) => output)
  const kills = fc.array(fc.nat(40), { maxLength: 2 })
  await fc.assert(
    fc.asyncProperty(inputs, kills, fc.nat(1_000), async (values, killsAt, seed) => {
      const run = { seed, parallelism: 2, outOfOrdernessMs, killsAt }
      const committed = shown(await outputOf(pipeline, values.map(element), run))
      assertExactlyOnce({ expected: reference(values), committed })
    }),
    { seed: 20_260_302, numRuns: 30 },
  )
}

/** Random values in an order of arrival that is behind their own by less than `disorderMs`. */
export function outOfOrder<T extends { readonly atMs: number }>(
  value: fc.Arbitrary<T>,
  disorderMs: number,
): fc.Arbitrary<readonly T[]> {
  const delayMs = fc.integer({ min: 0, max: Math.max(0, disorderMs - 1) })
  return fc
    .array(fc.record({ value, delayMs }), { maxLength: 40 })
    .map((arrivals) =>
      arrivals
        .toSorted((a, b) => a.value.atMs + a.delayMs - (b.value.atMs + b.delayMs))
        .map(({ value }) => value),
    )
}

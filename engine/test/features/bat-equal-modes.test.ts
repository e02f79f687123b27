import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ArraySink } from './array-sink.ts'
import {
  type BoundedPipeline,
  boundedPipelines,
  buildBounded,
  type Item,
} from './random-bounded-pipeline.ts'
import { runInSim } from './run-in-sim.ts'

/** The final results of a pipeline, in an order of their own. */
async function results(
  pipeline: BoundedPipeline,
  settings: Readonly<Record<string, unknown>>,
  seed: number,
): Promise<readonly string[]> {
  const timed = await runInSim(
    async (env) => {
      const sink = new ArraySink<Item>()
      buildBounded(env.setParallelism(1 + (seed % 3)), pipeline)
        .sinkTo(sink)
        .setParallelism(1)
      await env.execute()
      return sink.timed
    },
    { ...settings, 'taskmanager.network.batches-per-channel': pipeline.credits },
    { seed },
  )
  if (pipeline.ending !== 'rolling') {
    return timed.map(({ value, timestampMs }) => `${value.key} ${value.n} @${timestampMs}`).sort()
  }
  // Streaming updates a rolling sum; only the last of a key is a result of BATCH.
  return [
    ...new Map(timed.map(({ value }) => [value.key, `${value.key} ${value.n}`])).values(),
  ].sort()
}

/** How many results there were in all: a test of nothing would pass. */
let total = 0

test('ARC-01 BAT-06 random bounded jobs: STREAMING and BATCH end with equal results', async () => {
  const property = fc.asyncProperty(boundedPipelines, fc.nat(1_000), async (pipeline, seed) => {
    const streamed = await results(pipeline, {}, seed)
    const batch = await results(pipeline, { 'execution.runtime-mode': 'BATCH' }, seed)
    expect(batch).toEqual(streamed)
    const shuffle = { 'execution.batch-shuffle-mode': 'ALL_EXCHANGES_PIPELINED' }
    const piped = { 'execution.runtime-mode': 'AUTOMATIC', ...shuffle }
    expect(await results(pipeline, piped, seed)).toEqual(streamed)
    total += streamed.length
  })
  await fc.assert(property, { seed: 1, numRuns: 150 })
  expect(total).toBeGreaterThan(800)
})

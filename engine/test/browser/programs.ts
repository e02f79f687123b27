/**
 * What the page runs, as a global of the page. Bundled apart from the engine, which it imports by
 * its package name: the page maps that to the engine's bundle.
 */
import {
  type Collector,
  collectSink,
  getExecutionEnvironment,
  tumblingEventTimeWindows,
  types,
  watermarks,
} from '@millrace/engine'

/** Counts words; the last count of each word is its total. */
async function wordCount(text: string): Promise<readonly (readonly [string, number])[]> {
  const counts = await getExecutionEnvironment()
    .fromElements(...text.split('\n'))
    .flatMap<{ word: string; count: number }>((line, out) => {
      for (const word of line.toLowerCase().match(/\p{L}+/gu) ?? []) out.collect({ word, count: 1 })
    })
    .keyBy('word')
    .reduce((left, right) => ({ word: left.word, count: left.count + right.count }))
    .executeAndCollect()
  return [...new Map(counts.map(({ word, count }) => [word, count] as const))]
}

/** A window's count of one key. */
export interface KeyCount {
  readonly key: number
  readonly startMs: number
  readonly count: number
}

/** What {@link windowedCount} computed, and how. */
export interface WindowedCountOutcome {
  readonly counts: readonly KeyCount[]
  readonly completedCheckpoints: number
  readonly checkpointBytes: number
}

/** Counts the numbers below `records` by remainder and window of event time, with checkpoints. */
async function windowedCount(
  records: number,
  keys: number,
  sizeMs: number,
): Promise<WindowedCountOutcome> {
  const counts: KeyCount[] = []
  const env = getExecutionEnvironment({ code: { 'parallelism.default': 2 } })
  env.enableCheckpointing(20)
  env
    .fromSequence(0, records - 1)
    .assignTimestampsAndWatermarks(
      watermarks.boundedOutOfOrderness<number>(records).withTimestampAssigner((n) => n),
    )
    .keyBy((n) => n % keys, types.int)
    .window(tumblingEventTimeWindows(sizeMs))
    .aggregate(
      {
        createAccumulator: () => 0,
        add: (_n, count) => count + 1,
        merge: (left, right) => left + right,
        getResult: (count) => count,
        accumulatorType: types.int,
      },
      (key, { window }, windowCounts, out: Collector<KeyCount>) => {
        for (const count of windowCounts) out.collect({ key, startMs: window.startMs, count })
      },
    )
    .sinkTo(collectSink({ add: (count: KeyCount) => void counts.push(count) }))
  const client = await env.executeAsync('windowed-count')
  await client.result()
  const completed = client.checkpoints().filter(({ status }) => status === 'COMPLETED')
  return {
    counts,
    completedCheckpoints: completed.length,
    checkpointBytes: Math.max(0, ...completed.map(({ sizeBytes }) => sizeBytes)),
  }
}

Object.assign(globalThis, { programs: { wordCount, windowedCount } })

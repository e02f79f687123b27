import {
  type AggregateFunction,
  getExecutionEnvironment,
  type ProcessWindowFunction,
  type StreamExecutionEnvironment,
  sequenceSource,
  type TimeWindow,
  tumblingEventTimeWindows,
  types,
  watermarks,
} from '@millrace/engine'
import { digestSink } from '../digest/digest-sink.ts'
import { CountDigest, type WindowCount } from './count-digest.ts'
import { isPlausible, type Reading, timeOf, toReading, WINDOW_MS } from './readings.ts'

const counting: AggregateFunction<Reading, number, number> = {
  createAccumulator: () => 0,
  add: (_reading, count) => count + 1,
  merge: (left, right) => left + right,
  getResult: (count) => count,
  accumulatorType: types.number,
}

const withWindow: ProcessWindowFunction<number, WindowCount, number, TimeWindow> = {
  process: (sensor, { window }, counts, out) => {
    for (const count of counts) out.collect({ sensor, windowStartMs: window.startMs, count })
  },
}

/** How the job is run. Recorded with each result. */
export interface JobSettings {
  readonly checkpointIntervalMs: number
  readonly watermarkIntervalMs: number
}

/** What a run of the job left. */
export interface JobOutcome {
  readonly digest: CountDigest
  readonly completedCheckpoints: number
}

/** Runs source -> map -> filter -> keyBy -> tumbling count in this isolate, parallelism 1. */
export async function countByJob(records: number, settings: JobSettings): Promise<JobOutcome> {
  const digest = new CountDigest()
  const env = getExecutionEnvironment({
    code: { 'pipeline.auto-watermark-interval': settings.watermarkIntervalMs },
  })
  env.setParallelism(1).enableCheckpointing(settings.checkpointIntervalMs)
  build(env, records, digest)
  const client = await env.executeAsync('windowed-count')
  await client.result()
  const completed = client.checkpoints().filter(({ status }) => status === 'COMPLETED')
  return { digest, completedCheckpoints: completed.length }
}

function build(env: StreamExecutionEnvironment, records: number, digest: CountDigest): void {
  env
    .fromSource(
      sequenceSource(0, records - 1),
      watermarks.monotonous<number>().withTimestampAssigner(timeOf),
      'readings',
    )
    .map(toReading)
    .filter(isPlausible)
    .keyBy((reading) => reading.sensor, types.int)
    .window(tumblingEventTimeWindows(WINDOW_MS))
    .aggregate(counting, withWindow)
    .sinkTo(
      digestSink(({ sensor, windowStartMs, count }) => digest.add(sensor, windowStartMs, count)),
    )
}

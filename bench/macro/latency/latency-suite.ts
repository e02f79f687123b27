import { types, watermarks } from '@millrace/engine'
import { digestSink } from '../../digest/digest-sink.ts'
import { JOB_SETTINGS, runMeasuredJob } from '../../jobs/measured-job.ts'
import type { BenchmarkResult } from '../../runner/benchmark-result.ts'
import type { ProgramOutcome } from '../../runner/program.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Floor, Suite } from '../../runner/suite.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { pacedSource, type Scheduled } from './paced-source.ts'

const PER_SECOND = 10_000
const KEYS = 10_000

/** What the job must keep to. */
const P99_CEILING_MS = 10

/** From the time a record is due to its result, at a rate far below what the engine can do. */
export const latency: Suite = programSuite({
  name: 'latency',
  about: `latency of a keyed sum at ${PER_SECOND} records per second, default settings`,
  programs: [
    {
      name: 'keyed-sum',
      engine: 'millrace',
      full: { records: 30 * PER_SECOND, warmUpRecords: 5 * PER_SECOND },
      quick: { records: 2 * PER_SECOND, warmUpRecords: PER_SECOND },
      settings: { ...JOB_SETTINGS, recordsPerSecond: PER_SECOND, keys: KEYS },
      notes: ['from the scheduled time of a record to its result; the value is p99'],
      unit: 'ms',
      run: measureLatency,
    },
  ],
  floorsOf,
})

/** Runs the job; every record gives one result, and one latency. */
export async function measureLatency(records: number): Promise<ProgramOutcome> {
  const histogram = new LatencyHistogram()
  let sum = 0
  const checkpoints = await runMeasuredJob('latency', (env) => {
    env
      .fromSource(
        pacedSource({ records, perSecond: PER_SECOND }),
        watermarks.none<Scheduled>(),
        'paced',
      )
      .map(({ id, scheduledMs }) => ({ key: (id * 7_919) % KEYS, count: 1, scheduledMs }))
      .returns(types.row({ key: types.int, count: types.int, scheduledMs: types.number }))
      .keyBy(({ key }) => key, types.int)
      .reduce((left, right) => ({ ...right, count: left.count + right.count }))
      .sinkTo(
        digestSink(({ count, scheduledMs }) => {
          histogram.add(performance.now() - scheduledMs)
          sum += count
        }),
      )
  })
  const latencyMs = histogram.summary()
  return { output: `${latencyMs.count}-${sum}`, latencyMs, facts: { checkpoints } }
}

function floorsOf(results: readonly BenchmarkResult[]): readonly Floor[] {
  return results.map(({ case: name, median }) => ({
    name: `${name} p99 in ms`,
    actual: median,
    atMost: P99_CEILING_MS,
  }))
}

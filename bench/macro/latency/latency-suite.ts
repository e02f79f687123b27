import { JOB_SETTINGS } from '../../jobs/measured-job.ts'
import type { BenchmarkResult } from '../../runner/benchmark-result.ts'
import type { ProgramOutcome } from '../../runner/program.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Floor, Suite } from '../../runner/suite.ts'
import { countAtRate, KEYS } from './keyed-sum-job.ts'
import { LatencyHistogram } from './latency-histogram.ts'
import { measureSustainableRate } from './sustainable-rate.ts'

const PER_SECOND = 10_000
const LATENCY_CASE = 'keyed-sum'

/** What the job must keep to. */
const P99_CEILING_MS = 10

/** From the time a record is due to its result, and how many records may be due in a second. */
export const latency: Suite = programSuite({
  name: 'latency',
  about: `a keyed sum: latency at ${PER_SECOND} records per second, and the rate it can sustain`,
  programs: [
    {
      name: LATENCY_CASE,
      engine: 'millrace',
      full: { records: 30 * PER_SECOND, warmUpRecords: 5 * PER_SECOND },
      quick: { records: 2 * PER_SECOND, warmUpRecords: PER_SECOND },
      settings: { ...JOB_SETTINGS, recordsPerSecond: PER_SECOND, keys: KEYS },
      notes: ['from the scheduled time of a record to its result; the value is p99'],
      unit: 'ms',
      run: measureLatency,
    },
    {
      name: 'sustainable-rate',
      engine: 'millrace',
      full: { records: 20_000_000, warmUpRecords: 200_000 },
      quick: { records: 200_000, warmUpRecords: 200_000 },
      settings: { ...JOB_SETTINGS, keys: KEYS },
      notes: [
        'the highest rate at which latency does not grow, to 5 %; records of a run of the search',
      ],
      run: measureSustainableRate,
    },
  ],
  floorsOf,
})

/** Runs the job; every record gives one result, and one latency. */
export async function measureLatency(records: number): Promise<ProgramOutcome> {
  const histogram = new LatencyHistogram()
  const checkpoints = await countAtRate({ records, perSecond: PER_SECOND }, (latencyMs) =>
    histogram.add(latencyMs),
  )
  const latencyMs = histogram.summary()
  return { output: `${latencyMs.count} results`, latencyMs, facts: { checkpoints } }
}

function floorsOf(results: readonly BenchmarkResult[]): readonly Floor[] {
  return results
    .filter(({ case: name }) => name === LATENCY_CASE)
    .map(({ case: name, median }) => ({
      name: `${name} p99 in ms`,
      actual: median,
      atMost: P99_CEILING_MS,
    }))
}

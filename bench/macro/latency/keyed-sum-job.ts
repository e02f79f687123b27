import { types, watermarks } from '@millrace/engine'
import { digestSink } from '../../digest/digest-sink.ts'
import { runMeasuredJob } from '../../jobs/measured-job.ts'
import { WrongOutput } from '../../runner/suite.ts'
import { type PacedSourceOptions, pacedSource, type Scheduled } from './paced-source.ts'

export const KEYS = 10_000

/** Told how long after its scheduled time each record had its result, in the order of records. */
export type OnLatency = (latencyMs: number) => void

/**
 * Counts records by key at a fixed rate; every record gives one result.
 *
 * @returns how many checkpoints were completed
 * @throws WrongOutput if a result is missing or wrong
 */
export async function countAtRate(
  options: PacedSourceOptions,
  onLatency: OnLatency,
): Promise<number> {
  const { records } = options
  let [results, sum] = [0, 0]
  const checkpoints = await runMeasuredJob('latency', (env) => {
    env
      .fromSource(pacedSource(options), watermarks.none<Scheduled>(), 'paced')
      .map(({ id, scheduledMs }) => ({ key: (id * 7_919) % KEYS, count: 1, scheduledMs }))
      .returns(types.row({ key: types.int, count: types.int, scheduledMs: types.number }))
      .keyBy(({ key }) => key, types.int)
      .reduce((left, right) => ({ ...right, count: left.count + right.count }))
      .sinkTo(
        digestSink(({ count, scheduledMs }) => {
          onLatency(performance.now() - scheduledMs)
          results++
          sum += count
        }),
      )
  })
  const expected = sumOfCounts(records)
  if (results !== records || sum !== expected) {
    throw new WrongOutput(
      `FAILED: ${results} results with the sum ${sum}, not ${records} with ${expected}`,
    )
  }
  return checkpoints
}

/** The sum of all counts: keys take turns, and each counts from one. */
function sumOfCounts(records: number): number {
  const rounds = Math.floor(records / KEYS)
  const rest = records % KEYS
  return (KEYS * rounds * (rounds + 1)) / 2 + rest * (rounds + 1)
}

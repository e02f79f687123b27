import { expectedOutput } from '../jobs/checked-job.ts'
import { onePhase } from '../macro/keyed-window/keyed-window-jobs.ts'

/** Less than a window, one and a half, and some with a part of a batch at the end. */
const SMOKE_RECORDS = [10, 1_500_000, 3_000_017]

/**
 * Proves an installation: its sums by key and window must be equal to those of plain loops.
 *
 * @param run runs the job of the suite `keyed-window` on the peer; returns the digest of its output
 * @throws Error if the sums differ
 */
export async function proveSums(
  run: (records: number) => Promise<string>,
  progress: (line: string) => void,
): Promise<void> {
  for (const records of SMOKE_RECORDS) {
    const expected = await expectedOutput(onePhase, { records, parallelism: 1 })
    const actual = await run(records)
    if (actual !== expected) {
      throw new Error(`the sums of ${records} records are ${actual}, not ${expected}`)
    }
    progress(`sums of ${records} records: equal to ours, ${actual}`)
  }
}

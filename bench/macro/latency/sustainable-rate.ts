import type { ProgramOutcome } from '../../runner/program.ts'
import { highestRate } from './highest-rate.ts'
import { countAtRate } from './keyed-sum-job.ts'
import { LagGrowth } from './lag-growth.ts'

const SEARCH = { from: 2_000_000, atMost: 100_000_000, tolerance: 0.05 }

/** What was found is run so many times as long, about a minute, and lowered until it holds. */
const CONFIRMING_RUNS = 12
const LOWERED = 0.95

/**
 * The highest rate of input with which the job keeps up, in records per second.
 *
 * @param records of each run of the search
 */
export async function measureSustainableRate(records: number): Promise<ProgramOutcome> {
  let [runs, paced] = [0, 0]
  const isSustained = async (perSecond: number, ofRun: number = records): Promise<boolean> => {
    const lag = new LagGrowth(ofRun)
    await countAtRate({ records: ofRun, perSecond }, (latencyMs) => lag.add(latencyMs))
    runs++
    paced += ofRun
    return lag.isSteady
  }
  const found = await highestRate((rate) => isSustained(rate), SEARCH)
  let rate = found
  while (!(await isSustained(rate, CONFIRMING_RUNS * records))) rate *= LOWERED
  return { output: null, records: paced, value: rate, facts: { runs, found } }
}

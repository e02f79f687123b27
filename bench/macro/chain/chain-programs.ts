import { sequenceSource, watermarks } from '@millrace/engine'
import { digestSink } from '../../digest/digest-sink.ts'
import { runMeasuredJob } from '../../jobs/measured-job.ts'
import type { ProgramOutcome } from '../../runner/program.ts'
import { discounted, isLarge, isOfGroups, regrouped, toItem, toScore } from './chain-functions.ts'

/** The chain as a job of the engine. */
export async function chainByJob(records: number): Promise<ProgramOutcome> {
  const scores = new Scores()
  const checkpoints = await runMeasuredJob('chain', (env) => {
    env
      .fromSource(sequenceSource(0, records - 1), watermarks.none<number>(), 'numbers')
      .map(toItem)
      .filter(isLarge)
      .map(discounted)
      .map(regrouped)
      .filter(isOfGroups)
      .map(toScore)
      .sinkTo(digestSink((score) => scores.add(score)))
  })
  return { output: scores.text, facts: { checkpoints } }
}

/** The chain as one loop written by hand: no checkpoints, no handling of errors. */
export function chainByLoop(records: number): ProgramOutcome {
  const scores = new Scores()
  for (let id = 0; id < records; id++) {
    const item = toItem(id)
    if (!isLarge(item)) continue
    const regroupedItem = regrouped(discounted(item))
    if (isOfGroups(regroupedItem)) scores.add(toScore(regroupedItem))
  }
  return { output: scores.text }
}

let othersHaveRun = false

/** The chain in an isolate in which eight other jobs of other records have run before. */
export async function chainAmongOthers(records: number): Promise<ProgramOutcome> {
  if (!othersHaveRun) {
    for (let shape = 0; shape < OTHER_JOBS; shape++) await runOther(shape)
    othersHaveRun = true
  }
  return chainByJob(records)
}

const OTHER_JOBS = 8
const OTHER_RECORDS = 1_000_000

/** A job whose records have fields of their own, so that no two jobs share a hidden class. */
async function runOther(shape: number): Promise<void> {
  const [id, amount] = [`id${shape}`, `amount${shape}`]
  type Other = Readonly<Record<string, number>>
  let sum = 0
  await runMeasuredJob(`other-${shape}`, (env) => {
    env
      .fromSource(sequenceSource(0, OTHER_RECORDS - 1), watermarks.none<number>(), 'numbers')
      .map((n): Other => ({ [id]: n, [amount]: toItem(n).amount }))
      .filter((other) => (other[amount] as number) > 100 * shape)
      .map((other): Other => ({ [amount]: (other[amount] as number) + shape, [id]: 1 }))
      .map((other) => other[amount] as number)
      .sinkTo(
        digestSink((value) => {
          sum += value
        }),
      )
  })
  if (sum === 0) throw new Error(`job ${shape} has emitted nothing`)
}

/** Takes up the results in their order. */
class Scores {
  #count = 0
  #hash = 0

  add(score: number): void {
    this.#count++
    this.#hash = (Math.imul(this.#hash, 31) + score) | 0
  }

  get text(): string {
    return `${this.#count}-${this.#hash >>> 0}`
  }
}

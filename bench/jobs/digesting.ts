import {
  CounterAccumulator,
  type FlatMapFunction,
  type JobExecutionResult,
  type RuntimeContext,
} from '@millrace/engine'
import { MultisetDigest } from '../digest/multiset-digest.ts'
import type { AddResult, CheckedJob } from './checked-job.ts'

const ROWS = 'digest rows'
const HIGH = 'digest high'
const LOW = 'digest low'

/**
 * Takes up results and emits nothing. Each subtask has a digest of its own, told when it ends by
 * accumulators, so that the digest of all subtasks comes together on whatever threads they run.
 */
export class Digesting<R> implements FlatMapFunction<R, never> {
  private readonly digest = new MultisetDigest()
  private readonly add: AddResult<R>
  private readonly rows = new CounterAccumulator()
  private readonly high = new CounterAccumulator()
  private readonly low = new CounterAccumulator()

  constructor(job: CheckedJob<R>) {
    this.add = job.adder(this.digest)
  }

  open(context: RuntimeContext): void {
    context.addAccumulator(ROWS, this.rows)
    context.addAccumulator(HIGH, this.high)
    context.addAccumulator(LOW, this.low)
  }

  flatMap(result: R): void {
    this.add(result)
  }

  close(): void {
    const { rows, high, low } = this.digest.sums
    this.rows.add(rows)
    this.high.add(high)
    this.low.add(low)
  }
}

/** The digest of all results of a job, as {@link MultisetDigest} tells it. */
export function outputOf({ accumulators }: JobExecutionResult): string {
  const sum = (name: string): number => accumulators[name] as number
  const digest = new MultisetDigest()
  digest.addAll({ rows: sum(ROWS), high: sum(HIGH), low: sum(LOW) })
  return digest.text
}

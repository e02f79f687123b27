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
    // The sums of a digest grow modulo 2^32, so they can be added up once more.
    const [, rows, high, low] = /^(-?\d+)-(.{8})(.{8})$/.exec(this.digest.text) ?? []
    this.rows.add(Number(rows))
    this.high.add(Number.parseInt(high as string, 16))
    this.low.add(Number.parseInt(low as string, 16))
  }
}

/** The digest of all results of a job, as {@link MultisetDigest} tells it. */
export function outputOf({ accumulators }: JobExecutionResult): string {
  const sum = (name: string): number => accumulators[name] as number
  const word = (name: string): string => (sum(name) % 2 ** 32).toString(16).padStart(8, '0')
  return `${sum(ROWS)}-${word(HIGH)}${word(LOW)}`
}

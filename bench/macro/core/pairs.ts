import type { DataStream, StreamExecutionEnvironment } from '@millrace/engine'
import { type CheckedJob, type JobSize, rowAdder } from '../../jobs/checked-job.ts'
import { type Entry, type EntryShape, entries } from './entries.ts'

/** Two entries of one key that were joined. */
export interface Pair {
  readonly key: number
  readonly left: number
  readonly right: number
}

export const pairAdder: CheckedJob<Pair>['adder'] = rowAdder(({ key, left, right }, hash) =>
  hash.number(key).number(left).number(right),
)

export function pairOf({ key, value }: Entry, right: Entry): Pair {
  return { key, left: value, right: right.value }
}

/** Parts entries in two streams that never run apart: by the lowest bit of the value. */
export function twoStreams(
  env: StreamExecutionEnvironment,
  size: JobSize,
  shape: EntryShape,
): readonly [DataStream<Entry>, DataStream<Entry>] {
  const both = entries(env, size, shape)
  return [both.filter(isLeft), both.filter((entry) => !isLeft(entry))]
}

export function isLeft({ value }: Entry): boolean {
  return value % 2 === 0
}

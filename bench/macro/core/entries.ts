import {
  type DataStream,
  type StreamExecutionEnvironment,
  sequenceSource,
  type TypeInformation,
  types,
  watermarks,
} from '@millrace/engine'
import { mix } from '../../digest/mix.ts'
import type { JobSize } from '../../jobs/checked-job.ts'
import { interleaving } from '../../jobs/interleaving.ts'

/** A record of most jobs here: the `IntegerLong` of flink-benchmarks. */
export interface Entry {
  readonly key: number
  readonly value: number
}

/** What the entries of a job are: each a function of its index. */
export interface EntryShape {
  /** Event time goes on by a millisecond after so many entries. */
  readonly perMs: number
  readonly entryAt: (index: number) => Entry
}

export const entryType: TypeInformation<Entry> = types.row({ key: types.int, value: types.int })

/** Entries of keys that come equally often. */
export function uniform(keys: number): EntryShape['entryAt'] {
  return (index) => {
    const word = mix(index)
    return { key: word % keys, value: word >>> 24 }
  }
}

/** The event time of an index, which never goes back. */
export function timeOf(index: number, { perMs }: EntryShape): number {
  return Math.floor(index / perMs)
}

/** Reads entries in the order of their times, on every subtask alike. */
export function entries(
  env: StreamExecutionEnvironment,
  size: JobSize,
  shape: EntryShape,
): DataStream<Entry> {
  const { entryAt } = shape
  const indexOf = interleaving(size)
  return env
    .fromSource(
      sequenceSource(0, size.records - 1),
      watermarks.monotonous<number>().withTimestampAssigner((n) => timeOf(indexOf(n), shape)),
      'numbers',
    )
    .map((n) => entryAt(indexOf(n)))
    .returns(entryType)
}

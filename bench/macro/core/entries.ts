import {
  type DataStream,
  type StreamExecutionEnvironment,
  type TypeInformation,
  types,
  watermarks,
} from '@millrace/engine'
import { mix } from '../../digest/mix.ts'
import type { JobSize } from '../../jobs/checked-job.ts'
import { interleavedSource } from '../../jobs/interleaved-source.ts'

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
  { records }: JobSize,
  shape: EntryShape,
): DataStream<Entry> {
  return env
    .fromSource(
      interleavedSource(records),
      watermarks.monotonous<number>().withTimestampAssigner((index) => timeOf(index, shape)),
      'numbers',
    )
    .map(shape.entryAt)
    .returns(entryType)
}

import type { RuntimeContext } from './runtime-context.ts'

/** Receives what a function emits. Valid until the call returns that it was handed to. */
export interface Collector<T> {
  /** Emits a record. It must not be changed any more. */
  collect(value: T): void
}

/**
 * The life cycle any function object may have. `open` is called once per subtask and execution
 * attempt before the first record, `close` once at the end, also after a failure.
 */
export interface RichFunction {
  /** The place to get state, metrics and accumulators. Synchronous; a promise fails the job. */
  open?(context: RuntimeContext): void
  /** Gives up resources. Emits nothing. */
  close?(): void
}

/** Turns a record into one record. */
export interface MapFunction<IN, OUT> extends RichFunction {
  /** The record that stands for `value`. What it throws is subject to the `RecordErrorPolicy`. */
  map(value: IN): OUT
}

/** Turns a record into any number of records. */
export interface FlatMapFunction<IN, OUT> extends RichFunction {
  /** Emits what stands for `value` to `out`. */
  flatMap(value: IN, out: Collector<OUT>): void
}

/** Keeps the records for which `filter` is true. */
export interface FilterFunction<T> extends RichFunction {
  /** Whether the record is kept. */
  filter(value: T): boolean
}

/** Combines two records into one of the same type. Must be associative. */
export interface ReduceFunction<T> extends RichFunction {
  /** Combines the value so far with the next record. Changes neither. */
  reduce(left: T, right: T): T
}

/** Maps the records of two connected streams to one type. */
export interface CoMapFunction<IN1, IN2, OUT> extends RichFunction {
  /** Turns a record of the first stream into one record. */
  map1(value: IN1): OUT
  /** Turns a record of the second stream into one record. */
  map2(value: IN2): OUT
}

/** Turns each record of two connected streams into any number of records. */
export interface CoFlatMapFunction<IN1, IN2, OUT> extends RichFunction {
  /** Emits what stands for a record of the first stream. */
  flatMap1(value: IN1, out: Collector<OUT>): void
  /** Emits what stands for a record of the second stream. */
  flatMap2(value: IN2, out: Collector<OUT>): void
}

/** Reads the key of a record. Must be a pure function. */
export type KeySelector<IN, K> = (value: IN) => K

/** Picks the subtask of a record: 0 to `subtasks - 1`. */
export type Partitioner<K> = (key: K, subtasks: number) => number

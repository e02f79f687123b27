/**
 * `api/datastream` is what users write: typed streams that record transformations. Nothing runs
 * before `execute()`. It knows plans, not the runtime.
 */
import type { OutputTag } from '../../core/output-tag.ts'
import type {
  CoFlatMapFunction,
  Collector,
  CoMapFunction,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  Partitioner,
  ReduceFunction,
} from '../../operator/function/functions.ts'
import type {
  FieldRef,
  FieldSelector,
  TieOptions,
} from '../../operator/keyed/rolling-aggregations.ts'
import type { OneInputOperator, OperatorFactory } from '../../operator/operator.ts'
import type {
  CoProcessFunction,
  KeyedCoProcessFunction,
} from '../../operator/process/co-process-function.ts'
import type {
  KeyedProcessFunction,
  ProcessFunction,
} from '../../operator/process/process-function.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import type { WatermarkStrategy } from '../../operator/time/watermark-strategy.ts'
import type { Trigger } from '../../operator/window/trigger.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { ProcessWindow } from '../../operator/window/window-function.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'

/** Settings of the operator a stream comes from. They return the stream, to be chained. */
export interface OperatorSettings {
  /** Names the operator in plans, metrics and errors. */
  name(name: string): this
  /** Describes the operator in plans. */
  setDescription(description: string): this
  /**
   * Gives the operator's state an address that survives changes of the program. Every stateful
   * operator of a job that is to be upgraded needs one.
   */
  uid(uid: string): this
  setParallelism(parallelism: number): this
  /** Sets the number of key groups; fixed for the life of the state. */
  setMaxParallelism(maxParallelism: number): this
  /** Operators of different groups never share a slot. */
  slotSharingGroup(group: string): this
  /** Begins a new chain with this operator. */
  startNewChain(): this
  /** Runs this operator in a task of its own. */
  disableChaining(): this
}

/** A stream of records of type `T`. */
export interface DataStream<T> extends OperatorSettings {
  /** Turns each record into one record. */
  map<R>(fn: ((value: T) => R) | MapFunction<T, R>): DataStream<R>
  /** Turns each record into any number of records. */
  flatMap<R>(fn: ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>): DataStream<R>
  /** Keeps the records for which the function is true. */
  filter<S extends T>(fn: (value: T) => value is S): DataStream<S>
  filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataStream<T>
  /** Parts the stream by key: all records of a key reach one subtask, in order. */
  keyBy<K>(selector: KeySelector<T, K>, keyType?: TypeInformation<K>): KeyedStream<T, K>
  keyBy<F extends keyof T & string>(field: F): KeyedStream<T, T[F]>
  /** Joins streams of one type into one. Order is kept per stream only. */
  union(...others: readonly DataStream<T>[]): DataStream<T>
  /** Pairs two streams of different types, to be processed by one operator. */
  connect<U>(other: DataStream<U>): ConnectedStreams<T, U>
  /** Processes records with access to timestamps and side outputs. */
  process<R>(fn: ProcessFunction<T, R>): DataStream<R>
  /** The records that the operator of this stream emitted to a side output. */
  getSideOutput<X>(tag: OutputTag<X>): DataStream<X>
  /** Gives records timestamps and the stream watermarks. */
  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): DataStream<T>
  /** Runs an operator of one's own. */
  transform<R>(name: string, factory: OperatorFactory<OneInputOperator<T>>): DataStream<R>

  /** Subtask i to subtask i. Needs equal parallelism. */
  forward(): DataStream<T>
  /** One record after the other to all subtasks in turn. */
  rebalance(): DataStream<T>
  /** In turn within one's own share of the subtasks. */
  rescale(): DataStream<T>
  /** To a random subtask. */
  shuffle(): DataStream<T>
  /** Each record to every subtask. */
  broadcast(): DataStream<T>
  /** All records to subtask 0. */
  global(): DataStream<T>
  /** To the subtask that `partitioner` names for the record's key. */
  partitionCustom<K>(partitioner: Partitioner<K>, selector: KeySelector<T, K>): DataStream<T>

  /** Ends the stream in a sink. */
  sinkTo<C, S>(sink: Sink<T, C, S>): DataStreamSink
  /** Prints each record on standard output; `prefix` goes before it. */
  print(prefix?: string): DataStreamSink
  /** Prints each record on standard error. */
  printToErr(prefix?: string): DataStreamSink
  /** Runs the job and returns the records of this stream. For bounded jobs. */
  executeAndCollect(jobName?: string): Promise<T[]>
}

/** A stream parted by key: the place of keyed state, timers and windows. */
export interface KeyedStream<T, K> extends DataStream<T> {
  /** Folds each record into the value of its key and emits the new value. */
  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T>
  /** Adds up a field per key; the other fields stay those of the first record. */
  sum(field?: FieldRef<T>): DataStream<T>
  /** The lowest value of a field per key; the other fields stay those of the first record. */
  min(field?: FieldRef<T>): DataStream<T>
  /** The highest value of a field per key; the other fields stay those of the first record. */
  max(field?: FieldRef<T>): DataStream<T>
  /** The record with the lowest value per key. */
  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T>
  /** The record with the highest value per key. */
  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T>
  process<R>(fn: KeyedProcessFunction<K, T, R>): DataStream<R>
  process<R>(fn: ProcessFunction<T, R>): DataStream<R>
  /** Pairs two keyed streams; both sides share the keyed state of a key. */
  connect<U>(other: KeyedStream<U, K>): KeyedConnectedStreams<K, T, U>
  connect<U>(other: DataStream<U>): ConnectedStreams<T, U>
  /** Groups the records of a key into windows. */
  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W>
}

/** Two streams of different types that one operator processes. */
export interface ConnectedStreams<A, B> {
  map<R>(fn: CoMapFunction<A, B, R>): DataStream<R>
  flatMap<R>(fn: CoFlatMapFunction<A, B, R>): DataStream<R>
  process<R>(fn: CoProcessFunction<A, B, R>): DataStream<R>
  /** Parts both streams by key, so that keyed state is shared between them. */
  keyBy<K>(
    left: KeySelector<A, K>,
    right: KeySelector<B, K>,
    keyType?: TypeInformation<K>,
  ): KeyedConnectedStreams<K, A, B>
}

/** Two streams parted by the same key. */
export interface KeyedConnectedStreams<K, A, B> {
  map<R>(fn: CoMapFunction<A, B, R>): DataStream<R>
  flatMap<R>(fn: CoFlatMapFunction<A, B, R>): DataStream<R>
  process<R>(fn: KeyedCoProcessFunction<K, A, B, R>): DataStream<R>
}

/** The records of each key, grouped into windows. */
export interface WindowedStream<T, K, W extends Window> {
  /** Decides when a window fires, in place of the assigner's own trigger. */
  trigger(trigger: Trigger<T, W>): WindowedStream<T, K, W>
  /** How long after its end a window still takes late records, and fires again for each. */
  allowedLateness(latenessMs: number): WindowedStream<T, K, W>
  /** Sends records that come too late even for that to a side output of the result. */
  sideOutputLateData(tag: OutputTag<T>): WindowedStream<T, K, W>
  /** Folds the records of a window; state holds one value per key and window. */
  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T>
  /** The same, and hands the one value to `process`, which knows key and window. */
  reduce<R>(
    fn: ((left: T, right: T) => T) | ReduceFunction<T>,
    process: ProcessWindow<T, R, K, W>,
  ): DataStream<R>
  /** Folds the records of a window into an accumulator; state holds one per key and window. */
  aggregate<ACC, OUT>(aggregate: AggregateFunction<T, ACC, OUT>): DataStream<OUT>
  /** The same, and hands the result to `process`, which knows key and window. */
  aggregate<ACC, OUT, R>(
    aggregate: AggregateFunction<T, ACC, OUT>,
    process: ProcessWindow<OUT, R, K, W>,
  ): DataStream<R>
  /** Hands all records of a window to `fn`; state holds every record. */
  process<R>(fn: ProcessWindow<T, R, K, W>): DataStream<R>
  /** Adds up a field over each window. */
  sum(field?: FieldRef<T>): DataStream<T>
  /** The lowest value of a field in each window. */
  min(field?: FieldRef<T>): DataStream<T>
  /** The highest value of a field in each window. */
  max(field?: FieldRef<T>): DataStream<T>
  /** The record with the lowest value in each window. */
  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T>
  /** The record with the highest value in each window. */
  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T>
}

/** The end of a stream. */
export interface DataStreamSink extends OperatorSettings {}

import {
  type Difference,
  type DifferenceOptions,
  differenceOperator,
} from '../../operator/difference/difference.ts'
import type {
  Collector,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  ReduceFunction,
} from '../../operator/function/functions.ts'
import { boundedReduceOperator } from '../../operator/keyed/bounded-reduce.ts'
import { type DeduplicateOptions, deduplicateOperator } from '../../operator/keyed/deduplicate.ts'
import { keyedFilterOperator } from '../../operator/keyed/keyed-filter.ts'
import { keyedFlatMapOperator } from '../../operator/keyed/keyed-flat-map.ts'
import { keyedMapOperator } from '../../operator/keyed/keyed-map.ts'
import { reduceOperator } from '../../operator/keyed/reduce.ts'
import {
  type FieldRef,
  type FieldSelector,
  max,
  maxBy,
  min,
  minBy,
  sum,
  type TieOptions,
} from '../../operator/keyed/rolling-aggregations.ts'
import type { OneInputOperator, OperatorFactory } from '../../operator/operator.ts'
import {
  type SortByEventTimeOptions,
  sortByEventTimeOperator,
} from '../../operator/ordering/sort-by-event-time.ts'
import { keyedPartitionOperator } from '../../operator/partition/keyed-partition.ts'
import { keyedProcessOperator } from '../../operator/process/keyed-process-operator.ts'
import type {
  KeyedProcessFunction,
  ProcessFunction,
} from '../../operator/process/process-function.ts'
import { globalWindows } from '../../operator/window/assigners/global-windows.ts'
import type { GlobalWindow } from '../../operator/window/global-window.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import { type KeyedInput, recordTypeOf, type Transformation } from '../../plan/transformation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { BroadcastPartition, KeyedBroadcastConnection } from './broadcast-connected.ts'
import type { BroadcastStream } from './broadcast-stream.ts'
import { countWindows } from './count-windows.ts'
import { oneInput, StreamBuilder, transformationOf } from './data-stream.ts'
import { IntervalJoinPair } from './interval-joined.ts'
import { PartitionWindowBuilder } from './partition-windowed.ts'
import type { Program } from './program.ts'
import type {
  ConnectedStreams,
  DataStream,
  IntervalJoin,
  KeyedBroadcastConnectedStream,
  KeyedConnectedStreams,
  KeyedStream,
  PartitionWindowedStream,
  WindowedStream,
} from './streams.ts'

/** Records the transformations of a {@link KeyedStream}. */
export class KeyedGrouping<T, K> extends StreamBuilder<T> implements KeyedStream<T, K> {
  readonly keyed: KeyedInput

  constructor(program: Program, transformation: Transformation, keyed: KeyedInput) {
    super(program, transformation)
    this.keyed = keyed
  }

  override map<R>(fn: ((value: T) => R) | MapFunction<T, R>): DataStream<R> {
    if (typeof fn === 'function') return super.map(fn)
    return this.transform('Map', keyedMapOperator(fn, this.#selector))
  }

  override flatMap<R>(
    fn: ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>,
  ): DataStream<R> {
    if (typeof fn === 'function') return super.flatMap(fn)
    return this.transform('Flat Map', keyedFlatMapOperator(fn, this.#selector))
  }

  override filter<S extends T>(fn: (value: T) => value is S): DataStream<S>
  override filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataStream<T>
  override filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataStream<T> {
    if (typeof fn === 'function') return super.filter(fn)
    return this.transform('Filter', keyedFilterOperator(fn, this.#selector))
  }

  override process<R>(fn: KeyedProcessFunction<K, T, R> | ProcessFunction<T, R>): DataStream<R> {
    return this.transform(
      'KeyedProcess',
      keyedProcessOperator(fn as KeyedProcessFunction<K, T, R>, this.#selector),
    )
  }

  override transform<R>(
    name: string,
    factory: OperatorFactory<OneInputOperator<T>>,
    batchFactory: OperatorFactory<OneInputOperator<T>> = factory,
  ): DataStream<R> {
    const body = oneInput(factory, batchFactory)
    return this.program.streams.stream(
      this.program.add(name, body, [this.transformation], this.keyed),
    )
  }

  override connect<U>(other: KeyedStream<U, K>): KeyedConnectedStreams<K, T, U>
  override connect<U>(other: DataStream<U>): ConnectedStreams<T, U>
  override connect<U>(other: BroadcastStream<U>): KeyedBroadcastConnectedStream<K, T, U>
  override connect<U>(other: KeyedStream<U, K> | DataStream<U> | BroadcastStream<U>): never {
    if (other instanceof KeyedGrouping) {
      return this.program.streams.keyedConnected<K, T, U>(this, other) as never
    }
    if (other instanceof BroadcastPartition) {
      return new KeyedBroadcastConnection<K, T, U>(this.program, this, other) as never
    }
    const right = transformationOf(other as DataStream<U>)
    return this.program.streams.connected<T, U>(this.transformation, right) as never
  }

  intervalJoin<U>(other: KeyedStream<U, K>): IntervalJoin<T, U> {
    return new IntervalJoinPair<T, U>(this.program, this, other as KeyedGrouping<U, K>)
  }

  override fullWindowPartition(): PartitionWindowedStream<T> {
    return new PartitionWindowBuilder<T>(this, recordTypeOf(this.transformation), (make) =>
      keyedPartitionOperator(make, this.#selector),
    )
  }

  sortByEventTime(options?: SortByEventTimeOptions<T>): DataStream<T> {
    return this.transform('Sort', sortByEventTimeOperator(this.#selector, options))
  }

  difference(
    selector: (record: T) => number,
    options?: DifferenceOptions,
  ): DataStream<Difference<T, K>> {
    return this.transform('Difference', differenceOperator(this.#selector, selector, options))
  }

  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T> {
    const type = recordTypeOf(this.transformation) as TypeInformation<T> | undefined
    const rolling = reduceOperator(fn, this.#selector, type)
    const bounded = boundedReduceOperator(fn, this.#selector)
    const reduced = this.transform<T>('Reduce', rolling, bounded)
    return type === undefined ? reduced : reduced.returns(type)
  }

  sum(field?: FieldRef<T>): DataStream<T> {
    return this.reduce(sum(field)).name('Sum')
  }

  min(field?: FieldRef<T>): DataStream<T> {
    return this.reduce(min(field)).name('Min')
  }

  max(field?: FieldRef<T>): DataStream<T> {
    return this.reduce(max(field)).name('Max')
  }

  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T> {
    return this.reduce(minBy(field, options)).name('MinBy')
  }

  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T> {
    return this.reduce(maxBy(field, options)).name('MaxBy')
  }

  window<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, K, W> {
    return this.program.streams.windowed(this.transformation, this.keyed, assigner)
  }

  countWindow(size: number, slide?: number): WindowedStream<T, K, GlobalWindow> {
    return countWindows(this.window(globalWindows()), size, slide)
  }

  deduplicate(options: DeduplicateOptions): DataStream<T> {
    return this.transform('Deduplicate', deduplicateOperator(this.#selector, options))
  }

  get #selector(): KeySelector<T, K> {
    return this.keyed.keySelector as unknown as KeySelector<T, K>
  }
}

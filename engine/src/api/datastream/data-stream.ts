import type { OutputTag } from '../../core/output-tag.ts'
import { filterOperator } from '../../operator/basic/filter.ts'
import { flatMapOperator } from '../../operator/basic/flat-map.ts'
import { mapOperator } from '../../operator/basic/map.ts'
import type { BroadcastDescriptor } from '../../operator/broadcast/broadcast-process-function.ts'
import {
  type BufferAndFlushOptions,
  bufferAndFlushOperator,
} from '../../operator/buffering/buffer-and-flush.ts'
import type {
  Collector,
  FilterFunction,
  FlatMapFunction,
  KeySelector,
  MapFunction,
  Partitioner,
} from '../../operator/function/functions.ts'
import { Iteration } from '../../operator/iterate/iteration.ts'
import { iterationHeadOperator } from '../../operator/iterate/iteration-head.ts'
import type { OneInputOperator, OperatorFactory } from '../../operator/operator.ts'
import { subtaskPartitionOperator } from '../../operator/partition/subtask-partition.ts'
import type { ProcessFunction } from '../../operator/process/process-function.ts'
import { processOperator } from '../../operator/process/process-operator.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import { timestampsAndWatermarksOperator } from '../../operator/time/timestamps-and-watermarks-operator.ts'
import { timestampsOnly } from '../../operator/time/timestamps-only.ts'
import type { WatermarkStrategy } from '../../operator/time/watermark-strategy.ts'
import { globalWindows } from '../../operator/window/assigners/global-windows.ts'
import type { GlobalWindow } from '../../operator/window/global-window.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { Partitioning } from '../../plan/partitioning.ts'
import {
  type KeyedInput,
  recordTypeOf,
  type Transformation,
  type TransformationBody,
} from '../../plan/transformation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { windowAllRecords } from './all-windows.ts'
import { BroadcastConnection, BroadcastPartition } from './broadcast-connected.ts'
import type { BroadcastStream } from './broadcast-stream.ts'
import { countWindows } from './count-windows.ts'
import type { JoinBuilder } from './join-builder.ts'
import { OperatorHandle } from './operator-handle.ts'
import type { OperatorSettings } from './operator-settings.ts'
import { PartitionWindowBuilder } from './partition-windowed.ts'
import type { Program } from './program.ts'
import { splitError } from './split-error.ts'
import type { DataStreamSink } from './stream-outputs.ts'
import type {
  BroadcastConnectedStream,
  CoGroupedWindows,
  ConnectedStreams,
  DataStream,
  IterativeStream,
  JoinedWindows,
  KeyedStream,
  PartitionWindowedStream,
  WindowedStream,
} from './streams.ts'
import { coGroupStreams, joinStreams } from './window-joined.ts'

/** Records the transformations of a {@link DataStream}. */
export class StreamBuilder<T> extends OperatorHandle implements DataStream<T> {
  readonly program: Program

  constructor(program: Program, transformation: Transformation) {
    super(transformation)
    this.program = program
  }

  returns(type: TypeInformation<T>): this {
    this.transformation.outputType = type as TypeInformation<unknown>
    return this
  }

  map<R>(fn: ((value: T) => R) | MapFunction<T, R>): DataStream<R> {
    return this.transform('Map', mapOperator(fn))
  }

  flatMap<R>(fn: ((value: T, out: Collector<R>) => void) | FlatMapFunction<T, R>): DataStream<R> {
    return this.transform('Flat Map', flatMapOperator(fn))
  }

  filter<S extends T>(fn: (value: T) => value is S): DataStream<S>
  filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataStream<T>
  filter(fn: ((value: T) => boolean) | FilterFunction<T>): DataStream<T> {
    return this.transform('Filter', filterOperator(fn))
  }

  keyBy<K>(selector: KeySelector<T, K>, keyType?: TypeInformation<K>): KeyedStream<T, K>
  keyBy<F extends keyof T & string>(field: F): KeyedStream<T, T[F]>
  keyBy(
    key: KeySelector<T, unknown> | (keyof T & string),
    keyType?: TypeInformation<unknown>,
  ): KeyedStream<T, never> {
    const keySelector = typeof key === 'function' ? key : fieldSelector<T>(key)
    const keyed: KeyedInput = { keySelector: keySelector as never, keyType }
    const partitioned = this.#partition({ kind: 'hash', keySelector: keySelector as never })
    return this.program.streams.keyed(partitioned.transformation, keyed)
  }

  union(...others: readonly DataStream<T>[]): DataStream<T> {
    const inputs = [this.transformation, ...others.map((other) => transformationOf(other))]
    return new StreamBuilder(this.program, this.program.add('Union', { kind: 'union' }, inputs))
  }

  connect<U>(other: DataStream<U>): ConnectedStreams<T, U>
  connect<U>(other: BroadcastStream<U>): BroadcastConnectedStream<T, U>
  connect<U>(other: DataStream<U> | BroadcastStream<U>): never {
    // Each overload gives another type; the body can only promise what contradicts none.
    return (
      other instanceof BroadcastPartition
        ? new BroadcastConnection<T, U>(this.program, this.transformation, other)
        : this.program.streams.connected<T, U>(
            this.transformation,
            transformationOf(other as DataStream<U>),
          )
    ) as never
  }

  join<U>(other: DataStream<U>): JoinBuilder<T, U, JoinedWindows<T, U>> {
    return joinStreams<T, U>(this, other)
  }

  coGroup<U>(other: DataStream<U>): JoinBuilder<T, U, CoGroupedWindows<T, U>> {
    return coGroupStreams<T, U>(this, other)
  }

  windowAll<W extends Window>(assigner: WindowAssigner<T, W>): WindowedStream<T, null, W> {
    return windowAllRecords(this.program, this.transformation, assigner)
  }

  countWindowAll(size: number, slide?: number): WindowedStream<T, null, GlobalWindow> {
    return countWindows(this.windowAll(globalWindows()), size, slide)
  }

  iterate(): IterativeStream<T> {
    const iteration = new Iteration<T>()
    const factory = iterationHeadOperator(iteration)
    const body = { kind: 'one-input', factory: factory as never } as const
    const head = this.program.add('Iteration', body, [this.transformation])
    head.streamingOnly = 'its loop ends by no rule that BATCH knows'
    head.oneIsolateOnly = 'its loop passes records by reference'
    return this.program.streams.iterative(head, iteration)
  }

  fullWindowPartition(): PartitionWindowedStream<T> {
    return new PartitionWindowBuilder<T>(
      this,
      recordTypeOf(this.transformation),
      subtaskPartitionOperator,
    )
  }

  split(): never {
    throw splitError('split')
  }

  select(): never {
    throw splitError('select')
  }

  process<R>(fn: ProcessFunction<T, R>): DataStream<R> {
    return this.transform('Process', processOperator(fn))
  }

  getSideOutput<X>(tag: OutputTag<X>): DataStream<X> {
    const body = { kind: 'side-output', tagId: tag.id } as const
    const inputs = [this.transformation]
    return new StreamBuilder(
      this.program,
      this.program.add(`Side output '${tag.id}'`, body, inputs),
    )
  }

  assignTimestampsAndWatermarks(strategy: WatermarkStrategy<T>): DataStream<T> {
    const factory = timestampsAndWatermarksOperator(strategy)
    const batchFactory = timestampsAndWatermarksOperator(timestampsOnly(strategy))
    return this.transform('Timestamps/Watermarks', factory, batchFactory)
  }

  bufferAndFlush(options: BufferAndFlushOptions<T>): DataStream<T[]> {
    return this.transform('Buffer', bufferAndFlushOperator(options))
  }

  /** @param batchFactory what runs in BATCH instead, if it is another operator */
  transform<R>(
    name: string,
    factory: OperatorFactory<OneInputOperator<T>>,
    batchFactory: OperatorFactory<OneInputOperator<T>> = factory,
  ): DataStream<R> {
    const body = oneInput(factory, batchFactory)
    return new StreamBuilder(this.program, this.program.add(name, body, [this.transformation]))
  }

  forward(): DataStream<T> {
    return this.#partition({ kind: 'forward' })
  }

  rebalance(): DataStream<T> {
    return this.#partition({ kind: 'rebalance' })
  }

  rescale(): DataStream<T> {
    return this.#partition({ kind: 'rescale' })
  }

  shuffle(): DataStream<T> {
    return this.#partition({ kind: 'shuffle' })
  }

  broadcast(): DataStream<T>
  broadcast(...states: readonly [BroadcastDescriptor, ...BroadcastDescriptor[]]): BroadcastStream<T>
  broadcast(...states: readonly BroadcastDescriptor[]): never {
    const partition = this.#partition({ kind: 'broadcast' })
    return (
      states.length === 0 ? partition : new BroadcastPartition<T>(partition.transformation, states)
    ) as never
  }

  global(): DataStream<T> {
    return this.#partition({ kind: 'global' })
  }

  partitionCustom<K>(partitioner: Partitioner<K>, selector: KeySelector<T, K>): DataStream<T> {
    return this.#partition({
      kind: 'custom',
      keySelector: selector as never,
      partitioner: partitioner as never,
    })
  }

  sinkTo<C, S>(sink: Sink<T, C, S>): DataStreamSink {
    const body = { kind: 'sink', sink: sink as never } as const
    return new OperatorHandle(this.program.add(sink.name, body, [this.transformation]))
  }

  print(prefix = ''): DataStreamSink {
    return this.sinkTo(this.program.connectors.print({ prefix, toErr: false }))
  }

  printToErr(prefix = ''): DataStreamSink {
    return this.sinkTo(this.program.connectors.print({ prefix, toErr: true }))
  }

  writeAsText(path: string): DataStreamSink {
    return this.sinkTo(this.program.connectors.textFiles(path))
  }

  writeAsCsv(path: string, columns: readonly (keyof T & string)[]): DataStreamSink {
    return this.sinkTo(this.program.connectors.csvFiles(path, columns))
  }

  async executeAndCollect(jobName?: string): Promise<T[]> {
    const records: T[] = []
    const target = { add: (value: T) => void records.push(value) }
    const sink = this.sinkTo(this.program.connectors.collect(target))
    // One channel from each subtask keeps the order that the stream has within it.
    const { parallelism } = this.transformation
    if (parallelism !== undefined) sink.setParallelism(parallelism)
    await this.program.run(jobName)
    return records
  }

  #partition(partitioning: Partitioning): StreamBuilder<T> {
    const body = { kind: 'partition', partitioning } as const
    const inputs = [this.transformation]
    return new StreamBuilder(this.program, this.program.add('Partition', body, inputs))
  }
}

/** The body of an operator with one input. */
export function oneInput<T>(
  factory: OperatorFactory<OneInputOperator<T>>,
  batchFactory: OperatorFactory<OneInputOperator<T>>,
): TransformationBody {
  return { kind: 'one-input', factory: factory as never, batchFactory: batchFactory as never }
}

/** The transformation behind any stream of this API. */
export function transformationOf(stream: OperatorSettings): Transformation {
  return (stream as OperatorHandle).transformation
}

function fieldSelector<T>(field: keyof T & string): KeySelector<T, unknown> {
  return (value) => value[field]
}

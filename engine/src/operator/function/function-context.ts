import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Accumulator } from '../../core/accumulator.ts'
import type { MetricGroup } from '../../core/metrics.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type {
  AggregatingState,
  KeyedStateStore,
  ListState,
  MapState,
  ReducingState,
  ValueState,
} from '../../state/keyed-state.ts'
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../../state/state-descriptor.ts'
import type { OperatorContext } from '../operator-context.ts'
import { operatorOf } from '../record-error.ts'
import type { ResourceLease, ResourceOptions } from '../resource/shared-resources.ts'
import type { RuntimeContext } from './runtime-context.ts'

/** The runtime context of the functions of one operator: the operator's context, cut to size. */
export class FunctionContext implements RuntimeContext {
  readonly #context: OperatorContext

  constructor(context: OperatorContext) {
    this.#context = context
  }

  get task(): TaskInfo {
    return this.#context.task
  }

  get metrics(): MetricGroup {
    return this.#context.metrics
  }

  get globalParameters(): Readonly<Record<string, string>> {
    return this.#context.globalParameters
  }

  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void {
    // Accumulators of all types stand in one list; whoever merges them pairs them by name.
    this.#context.addAccumulator(name, accumulator as unknown as Accumulator<never, unknown>)
  }

  acquire<R>(options: ResourceOptions<R>): ResourceLease<R> {
    return this.#context.acquire(options)
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#store(descriptor.name).getState(descriptor)
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#store(descriptor.name).getListState(descriptor)
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#store(descriptor.name).getMapState(descriptor)
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#store(descriptor.name).getReducingState(descriptor)
  }

  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, OUT> {
    return this.#store(descriptor.name).getAggregatingState(descriptor)
  }

  #store(stateName: string): KeyedStateStore {
    try {
      return this.#context.keyedState
    } catch (error) {
      if (!(error instanceof EngineError && error.code === ErrorCode.INVALID_PROGRAM)) throw error
      throw new EngineError(
        ErrorCode.INVALID_PROGRAM,
        `The function of ${operatorOf(this.#context)} asks for the keyed state '${stateName}', but its ` +
          'stream is not keyed. Call keyBy(...) before it, or keep operator state by implementing ' +
          'CheckpointedFunction',
        { cause: error },
      )
    }
  }
}

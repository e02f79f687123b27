import type { OutputTag } from '../../core/output-tag.ts'
import type { KeySelector, ReduceFunction } from '../../operator/function/functions.ts'
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
import type { Trigger } from '../../operator/window/trigger.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { ProcessWindow, WindowComputation } from '../../operator/window/window-function.ts'
import { windowOperator } from '../../operator/window/window-operator.ts'
import type { KeyedInput, Transformation } from '../../plan/transformation.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { Program } from './program.ts'
import type { DataStream, WindowedStream } from './streams.ts'

interface WindowSettings<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>
  readonly trigger?: Trigger<T, W>
  readonly allowedLatenessMs?: number
  readonly lateTag?: OutputTag<T>
}

/** Records what is computed over the windows of a keyed stream. Immutable. */
export class WindowBuilder<T, K, W extends Window> implements WindowedStream<T, K, W> {
  readonly #program: Program
  readonly #input: Transformation
  readonly #keyed: KeyedInput
  readonly #settings: WindowSettings<T, W>

  constructor(
    program: Program,
    input: Transformation,
    keyed: KeyedInput,
    settings: WindowSettings<T, W>,
  ) {
    this.#program = program
    this.#input = input
    this.#keyed = keyed
    this.#settings = settings
  }

  trigger(trigger: Trigger<T, W>): WindowedStream<T, K, W> {
    return this.#with({ trigger })
  }

  allowedLateness(latenessMs: number): WindowedStream<T, K, W> {
    return this.#with({ allowedLatenessMs: latenessMs })
  }

  sideOutputLateData(tag: OutputTag<T>): WindowedStream<T, K, W> {
    return this.#with({ lateTag: tag })
  }

  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<T>
  reduce<R>(
    fn: ((left: T, right: T) => T) | ReduceFunction<T>,
    process: ProcessWindow<T, R, K, W>,
  ): DataStream<R>
  reduce<R>(
    reduce: ((left: T, right: T) => T) | ReduceFunction<T>,
    process?: ProcessWindow<T, R, K, W>,
  ): DataStream<R> {
    const computation: WindowComputation<T, T, R, K, W> =
      process === undefined ? { kind: 'reduce', reduce } : { kind: 'reduce', reduce, process }
    return this.#apply('Window Reduce', computation)
  }

  aggregate<ACC, OUT, R = OUT>(
    aggregate: AggregateFunction<T, ACC, OUT>,
    process?: ProcessWindow<OUT, R, K, W>,
  ): DataStream<R> {
    const computation: WindowComputation<T, ACC, R, K, W> =
      process === undefined
        ? { kind: 'aggregate', aggregate }
        : { kind: 'aggregate', aggregate, process: process as ProcessWindow<never, R, K, W> }
    return this.#apply('Window Aggregate', computation)
  }

  process<R>(process: ProcessWindow<T, R, K, W>): DataStream<R> {
    return this.#apply('Window Process', { kind: 'process', process })
  }

  sum(field?: FieldRef<T>): DataStream<T> {
    return this.reduce(sum(field)).name('Window Sum')
  }

  min(field?: FieldRef<T>): DataStream<T> {
    return this.reduce(min(field)).name('Window Min')
  }

  max(field?: FieldRef<T>): DataStream<T> {
    return this.reduce(max(field)).name('Window Max')
  }

  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T> {
    return this.reduce(minBy(field, options)).name('Window MinBy')
  }

  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<T> {
    return this.reduce(maxBy(field, options)).name('Window MaxBy')
  }

  #with(change: Partial<WindowSettings<T, W>>): WindowBuilder<T, K, W> {
    return new WindowBuilder(this.#program, this.#input, this.#keyed, {
      ...this.#settings,
      ...change,
    })
  }

  #apply<ACC, R>(name: string, computation: WindowComputation<T, ACC, R, K, W>): DataStream<R> {
    const factory = windowOperator({
      keySelector: this.#keyed.keySelector as unknown as KeySelector<T, K>,
      computation,
      ...this.#settings,
    })
    const body = { kind: 'one-input', factory: factory as never } as const
    return this.#program.streams.stream(this.#program.add(name, body, [this.#input], this.#keyed))
  }
}

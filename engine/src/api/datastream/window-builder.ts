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
import type { OneInputOperator, OperatorFactory } from '../../operator/operator.ts'
import type { Evictor } from '../../operator/window/evictor.ts'
import type { FoldedRecords } from '../../operator/window/late-records.ts'
import type { WindowMerge } from '../../operator/window/merge-trace.ts'
import type { Trigger } from '../../operator/window/trigger.ts'
import { purgingTrigger } from '../../operator/window/triggers/purging-trigger.ts'
import type { PartialAggregate } from '../../operator/window/two-phase/partial-aggregate.ts'
import { twoPhasePanes } from '../../operator/window/two-phase/two-phase-panes.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { Emitted, WindowEmission } from '../../operator/window/window-emission.ts'
import type {
  ProcessWindow,
  WindowComputation,
  WindowFunction,
} from '../../operator/window/window-function.ts'
import { windowOperator } from '../../operator/window/window-operator.ts'
import type { WindowOperatorOptions } from '../../operator/window/window-operator-options.ts'
import {
  type KeyedInput,
  type PreAggregation,
  recordTypeOf,
  type Transformation,
} from '../../plan/transformation.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { Program } from './program.ts'
import type { DataStream, WindowedStream } from './streams.ts'
import {
  addLocalPhase,
  ENTRIES_MAX,
  keyOf,
  LOCAL_NAME,
  phasesUnasked,
  type TwoPhaseSettings,
} from './two-phase.ts'
import type { TwoPhaseOptions } from './window-refinements.ts'

interface WindowSettings<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>
  readonly trigger?: Trigger<T, W>
  readonly evictor?: Evictor<T, W>
  readonly emission?: WindowEmission
  readonly resultType?: TypeInformation<unknown> | undefined
  readonly allowedLatenessMs?: number
  readonly lateTag?: OutputTag<T>
  readonly foldedOf?: (value: T) => FoldedRecords
  readonly mergeTag?: OutputTag<WindowMerge>
  readonly parallelismLimit?: { readonly limit: number; readonly reason: string }
  /** Unset: as the plan finds best. */
  readonly phases?: 'one' | TwoPhaseSettings
}

/** Records what is computed over the windows of a keyed stream. Immutable. */
export class WindowBuilder<T, K, W extends Window, E extends WindowEmission = 'accumulating'>
  implements WindowedStream<T, K, W, E>
{
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

  trigger(trigger: Trigger<T, W>): WindowedStream<T, K, W, E> {
    return this.#with({ trigger })
  }

  evictor(evictor: Evictor<T, W>): WindowedStream<T, K, W, E> {
    return this.#with({ evictor })
  }

  emission<M extends WindowEmission>(
    emission: M,
    options: { readonly type?: TypeInformation<unknown> } = {},
  ): WindowedStream<T, K, W, M> {
    const resultType = options.type
    return this.#with({ emission, resultType }) as unknown as WindowBuilder<T, K, W, M>
  }

  allowedLateness(latenessMs: number): WindowedStream<T, K, W, E> {
    return this.#with({ allowedLatenessMs: latenessMs })
  }

  sideOutputLateData(tag: OutputTag<T>): WindowedStream<T, K, W, E> {
    return this.#with({ lateTag: tag })
  }

  sideOutputMerges(tag: OutputTag<WindowMerge>): WindowedStream<T, K, W, E> {
    return this.#with({ mergeTag: tag })
  }

  twoPhase({ entriesMax = ENTRIES_MAX }: TwoPhaseOptions = {}): WindowedStream<T, K, W, E> {
    const panes = twoPhasePanes(this.#settings.assigner)
    return this.#with({ phases: { panes, entriesMax } })
  }

  onePhase(): WindowedStream<T, K, W, E> {
    return this.#with({ phases: 'one' })
  }

  reduce(fn: ((left: T, right: T) => T) | ReduceFunction<T>): DataStream<Emitted<T, E>>
  reduce<R>(
    fn: ((left: T, right: T) => T) | ReduceFunction<T>,
    process: ProcessWindow<T, R, K, W>,
  ): DataStream<Emitted<R, E>>
  reduce<R>(
    reduce: ((left: T, right: T) => T) | ReduceFunction<T>,
    process?: ProcessWindow<T, R, K, W>,
  ): DataStream<Emitted<R, E>> {
    const computation: WindowComputation<T, T, R, K, W> =
      process === undefined ? { kind: 'reduce', reduce } : { kind: 'reduce', reduce, process }
    return this.#compute('Window Reduce', computation)
  }

  aggregate<ACC, OUT, R = OUT>(
    aggregate: AggregateFunction<T, ACC, OUT>,
    process?: ProcessWindow<OUT, R, K, W>,
  ): DataStream<Emitted<R, E>> {
    const computation: WindowComputation<T, ACC, R, K, W> =
      process === undefined
        ? { kind: 'aggregate', aggregate }
        : { kind: 'aggregate', aggregate, process: process as ProcessWindow<never, R, K, W> }
    return this.#compute('Window Aggregate', computation)
  }

  process<R>(process: ProcessWindow<T, R, K, W>): DataStream<Emitted<R, E>> {
    return this.#compute('Window Process', { kind: 'process', process })
  }

  apply<R>(fn: WindowFunction<T, R, K, W>): DataStream<Emitted<R, E>> {
    const call = typeof fn === 'function' ? fn : fn.apply.bind(fn)
    return this.process<R>((key, context, elements, out) => {
      call(key, context.window, elements, out)
    }).name('Window Apply')
  }

  sum(field?: FieldRef<T>): DataStream<Emitted<T, E>> {
    return this.reduce(sum(field)).name('Window Sum')
  }

  min(field?: FieldRef<T>): DataStream<Emitted<T, E>> {
    return this.reduce(min(field)).name('Window Min')
  }

  max(field?: FieldRef<T>): DataStream<Emitted<T, E>> {
    return this.reduce(max(field)).name('Window Max')
  }

  minBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<Emitted<T, E>> {
    return this.reduce(minBy(field, options)).name('Window MinBy')
  }

  maxBy(field: FieldRef<T> | FieldSelector<T>, options?: TieOptions): DataStream<Emitted<T, E>> {
    return this.reduce(maxBy(field, options)).name('Window MaxBy')
  }

  #with(change: Partial<WindowSettings<T, W>>): WindowBuilder<T, K, W, E> {
    return new WindowBuilder(this.#program, this.#input, this.#keyed, {
      ...this.#settings,
      ...change,
    })
  }

  #compute<ACC, R>(
    name: string,
    computation: WindowComputation<T, ACC, R, K, W>,
  ): DataStream<Emitted<R, E>> {
    const { phases } = this.#settings
    const operator =
      typeof phases === 'object'
        ? this.#addPhases(name, computation, phases)
        : this.#addOperator(name, computation)
    if (phases === undefined) operator.preAggregation = () => this.#preAggregation(computation)
    return this.#program.streams.stream(operator)
  }

  /** Records the two phases, and returns the second. */
  #addPhases<ACC, R>(
    name: string,
    computation: WindowComputation<T, ACC, R, K, W>,
    twoPhase: TwoPhaseSettings,
  ): Transformation {
    const program = this.#program
    const input = { program, input: this.#input, keyed: this.#keyed }
    const phases = addLocalPhase(input, twoPhase, this.#settings, computation)
    const settings = ofPartials<T, K, W>(this.#settings)
    const global = new WindowBuilder<PartialAggregate<K, unknown>, K, W, E>(
      program,
      phases.partition,
      phases.keyed,
      settings,
    )
    const operator = global.#addOperator(name, phases.computation)
    phases.local.uidAfter = { owner: operator, suffix: '-local' }
    return operator
  }

  #preAggregation<ACC, R>(
    computation: WindowComputation<T, ACC, R, K, W>,
  ): PreAggregation | undefined {
    const settings = this.#settings
    const recordType = recordTypeOf(this.#input) as TypeInformation<T> | undefined
    const phases = phasesUnasked(this.#keyed, settings, computation, recordType)
    if (phases === undefined) return undefined
    const { local, global } = phases
    const partials = ofPartials<T, K, W>(settings)
    const factory = operatorOf(partials, { keySelector: keyOf<K>, computation: global })
    return { name: LOCAL_NAME, local, global: factory as never, keySelector: keyOf }
  }

  #addOperator<ACC, R>(
    name: string,
    computation: WindowComputation<T, ACC, R, K, W>,
  ): Transformation {
    const { parallelismLimit } = this.#settings
    const factory = operatorOf(this.#settings, {
      keySelector: this.#keyed.keySelector as unknown as KeySelector<T, K>,
      computation,
      elementType: recordTypeOf(this.#input) as TypeInformation<T> | undefined,
    })
    const body = { kind: 'one-input', factory: factory as never } as const
    const operator = this.#program.add(name, body, [this.#input], this.#keyed)
    operator.parallelismLimit = parallelismLimit
    operator.description = parallelismLimit?.reason
    return operator
  }
}

function operatorOf<T, ACC, R, K, W extends Window>(
  { emission, parallelismLimit: _limit, phases: _phases, ...settings }: WindowSettings<T, W>,
  parts: Pick<
    WindowOperatorOptions<T, ACC, R, K, W>,
    'keySelector' | 'computation' | 'elementType'
  >,
): OperatorFactory<OneInputOperator<T>> {
  const trigger = settings.trigger ?? settings.assigner.defaultTrigger()
  return windowOperator({
    ...parts,
    ...settings,
    trigger: emission === 'discarding' ? purgingTrigger(trigger) : settings.trigger,
    emitsChanges: emission === 'retracting',
  })
}

/** The settings of the second phase. */
function ofPartials<T, K, W extends Window>(
  settings: WindowSettings<T, W>,
): WindowSettings<PartialAggregate<K, unknown>, W> {
  return {
    ...(settings as unknown as WindowSettings<PartialAggregate<K, unknown>, W>),
    foldedOf: (partial) => partial,
  }
}

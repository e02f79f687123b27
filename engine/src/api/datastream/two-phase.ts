import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { KeySelector } from '../../operator/function/functions.ts'
import { foldsUnasked } from '../../operator/window/two-phase/folds-unasked.ts'
import {
  type LocalWindowAggregateOptions,
  localWindowAggregateOperator,
} from '../../operator/window/two-phase/local-window-aggregate.ts'
import {
  inTwoPhases,
  type PartialAggregate,
  type TwoPhaseComputation,
} from '../../operator/window/two-phase/partial-aggregate.ts'
import { panesAhead, type TwoPhasePanes } from '../../operator/window/two-phase/two-phase-panes.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { WindowEmission } from '../../operator/window/window-emission.ts'
import type { WindowComputation } from '../../operator/window/window-function.ts'
import {
  type KeyedInput,
  type PreAggregation,
  recordTypeOf,
  type Transformation,
} from '../../plan/transformation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { Program } from './program.ts'

/** Partial aggregates a subtask holds before it hands all of them on, unless the program says. */
export const ENTRIES_MAX = 32_768

/** In plans and metrics. */
export const LOCAL_NAME = 'Local Window Aggregate'

/** How the first phase works. */
export interface TwoPhaseSettings {
  readonly panes: () => TwoPhasePanes
  readonly entriesMax: number
}

/** The windows that are computed in two phases. */
export interface TwoPhaseInput {
  readonly program: Program
  /** The partition by key. */
  readonly input: Transformation
  readonly keyed: KeyedInput
}

/** What the windows do with late records. */
export interface WindowLateness<T> {
  readonly allowedLatenessMs?: number
  readonly lateTag?: OutputTag<T>
}

/** Settings of windows by which it can be told how they are computed. */
export interface UnaskedSettings<T, W extends Window> {
  readonly assigner: WindowAssigner<T, W>
  readonly trigger?: unknown
  readonly evictor?: unknown
  readonly emission?: WindowEmission
}

/** What the second phase is built from: windows over the partial aggregates of the first. */
export interface GlobalPhase<OUT, K, W extends Window> {
  readonly partition: Transformation
  readonly keyed: KeyedInput
  /** The operator of the first phase; its state goes by the name of the second's. */
  readonly local: Transformation
  readonly computation: TwoPhaseComputation<unknown, OUT, K, W>['global']
}

/**
 * Records the first phase ahead of the partition, and a partition of what comes out of it.
 * @throws INVALID_PROGRAM if the computation, or a setting of the windows, needs the records
 */
export function addLocalPhase<T, ACC, OUT, K, W extends Window>(
  { program, input, keyed }: TwoPhaseInput,
  { panes, entriesMax }: TwoPhaseSettings,
  settings: WindowLateness<T> & { readonly emission?: WindowEmission },
  computation: WindowComputation<T, ACC, OUT, K, W>,
): GlobalPhase<OUT, K, W> {
  const recordType = recordTypeOf(input) as TypeInformation<T> | undefined
  const { emission = 'accumulating' } = settings
  // With any other emission there are no panes: windows that overlap get the same partials.
  const sharesPartials = emission !== 'accumulating'
  const phases = inTwoPhases(computation, { recordType, sharesPartials })
  const [source] = input.inputs
  if (phases === undefined) throw needsRecords('process()')
  for (const [setting, method] of NEED_RECORDS) {
    if (setting in settings) throw needsRecords(method)
  }
  if (input.body.kind !== 'partition' || source === undefined) throw needsPartition()
  const aggregate = phases.local
  const lateRecords = lateRecordsIn(settings)
  const factory = localOperator(keyed, { aggregate, panes, entriesMax, lateRecords })
  const body = { kind: 'one-input', factory } as const
  const operator = program.add(LOCAL_NAME, body, [source])
  operator.parallelism = source.parallelism ?? source.parallelismLimit?.limit
  const { partitioning } = input.body
  const byKey = { kind: 'hash', keySelector: keyOf } as const
  const partition = program.add(
    'Partition',
    { kind: 'partition', partitioning: partitioning.kind === 'hash' ? byKey : partitioning },
    [operator],
  )
  return {
    partition,
    keyed: { ...keyed, keySelector: keyOf },
    local: operator,
    computation: phases.global as GlobalPhase<OUT, K, W>['computation'],
  }
}

/** What the plan may do ahead of the exchange unasked: see {@link foldsUnasked}. */
export interface UnaskedPhases<OUT, K, W extends Window> {
  readonly local: PreAggregation['local']
  readonly global: TwoPhaseComputation<unknown, OUT, K, W>['global']
}

/**
 * The two phases of windows for which the program has not asked; undefined if somebody could tell.
 * Late records have to be dropped: then the first phase needs no state.
 */
export function phasesUnasked<T, ACC, OUT, K, W extends Window>(
  keyed: KeyedInput,
  settings: WindowLateness<T> & UnaskedSettings<T, W>,
  computation: WindowComputation<T, ACC, OUT, K, W>,
  recordType: TypeInformation<T> | undefined,
): UnaskedPhases<OUT, K, W> | undefined {
  const { assigner, trigger, evictor, emission = 'accumulating' } = settings
  if (trigger !== undefined || evictor !== undefined || emission !== 'accumulating')
    return undefined
  if (lateRecordsIn(settings) !== 'drops' || !foldsUnasked(assigner, computation)) return undefined
  const panes = panesAhead(assigner)
  const phases = inTwoPhases(computation, { recordType, sharesPartials: false })
  if (panes === undefined || phases === undefined) return undefined
  const aggregate = phases.local
  return {
    local: localOperator(keyed, {
      aggregate,
      panes,
      entriesMax: ENTRIES_MAX,
      lateRecords: 'drops',
    }),
    global: phases.global as UnaskedPhases<OUT, K, W>['global'],
  }
}

function localOperator<T, K>(
  keyed: KeyedInput,
  options: Omit<LocalWindowAggregateOptions<T, K>, 'keySelector'>,
): PreAggregation['local'] {
  const keySelector = keyed.keySelector as KeySelector<T, K>
  return localWindowAggregateOperator<T, K>({ ...options, keySelector }) as PreAggregation['local']
}

/** The key of a partial aggregate. */
export function keyOf<K>({ key }: PartialAggregate<K, unknown>): K {
  return key
}

/** Settings that need the records in the windows, by the methods that make them. */
const NEED_RECORDS: readonly (readonly [string, string])[] = [
  ['trigger', 'trigger()'],
  ['evictor', 'evictor()'],
]

function lateRecordsIn<T>(
  settings: WindowLateness<T>,
): LocalWindowAggregateOptions<unknown, unknown>['lateRecords'] {
  if (settings.lateTag !== undefined) return 'puts aside'
  return (settings.allowedLatenessMs ?? 0) > 0 ? 'takes' : 'drops'
}

function needsRecords(method: string): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `${method} needs the records themselves, but after twoPhase() the windows get partial aggregates; ` +
      'leave one of the two out',
  )
}

function needsPartition(): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    'twoPhase() aggregates ahead of a keyBy(), and there is none right before these windows; leave ' +
      'it out',
  )
}

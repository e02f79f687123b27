import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { KeySelector } from '../../operator/function/functions.ts'
import {
  type LocalWindowAggregateOptions,
  localWindowAggregateOperator,
} from '../../operator/window/two-phase/local-window-aggregate.ts'
import {
  inTwoPhases,
  type PartialAggregate,
  type TwoPhaseComputation,
} from '../../operator/window/two-phase/partial-aggregate.ts'
import type { TwoPhasePanes } from '../../operator/window/two-phase/two-phase-panes.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowComputation } from '../../operator/window/window-function.ts'
import { type KeyedInput, recordTypeOf, type Transformation } from '../../plan/transformation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { Program } from './program.ts'

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
  settings: WindowLateness<T>,
  computation: WindowComputation<T, ACC, OUT, K, W>,
): GlobalPhase<OUT, K, W> {
  const recordType = recordTypeOf(input) as TypeInformation<T> | undefined
  const phases = inTwoPhases(computation, recordType)
  const [source] = input.inputs
  if (phases === undefined) throw needsRecords('process()')
  for (const [setting, method] of NEED_RECORDS) {
    if (setting in settings) throw needsRecords(method)
  }
  if (input.body.kind !== 'partition' || source === undefined) throw needsPartition()
  const keySelector = keyed.keySelector as KeySelector<T, K>
  const local = localWindowAggregateOperator<T, K>({
    keySelector,
    aggregate: phases.local,
    panes,
    entriesMax,
    lateRecords: lateRecordsIn(settings),
  })
  const body = { kind: 'one-input', factory: local as never } as const
  const operator = program.add('Local Window Aggregate', body, [source])
  operator.parallelism = source.parallelism ?? source.parallelismLimit?.limit
  const { partitioning } = input.body
  const keyOf = ({ key }: PartialAggregate<K, unknown>): K => key
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

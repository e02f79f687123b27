/**
 * `plan/` owns a job before it runs: transformations, StreamGraph, JobGraph, and the interface to
 * whoever executes it. It knows nothing of the API above it or of the runtime beside it.
 */

import type { KeySelector } from '../operator/function/functions.ts'
import type { OneInputOperator, OperatorFactory, TwoInputOperator } from '../operator/operator.ts'
import type { Sink } from '../operator/sink/sink.ts'
import type { Source } from '../operator/source/source.ts'
import type { WatermarkStrategy } from '../operator/time/watermark-strategy.ts'
import type { TypeInformation } from '../types/type-information.ts'
import type { Partitioning } from './partitioning.ts'

/** Whether an operator may join the chain of the operator before it. */
export type ChainingRule =
  /** Chained with its neighbours where possible. */
  | 'always'
  /** Starts a new chain; operators after it may still join. */
  | 'head'
  /** A chain of its own. */
  | 'never'

/** What a transformation does. */
export type TransformationBody =
  | {
      readonly kind: 'source'
      readonly source: Source<unknown, unknown, unknown>
      readonly watermarkStrategy: WatermarkStrategy<unknown>
    }
  | {
      readonly kind: 'one-input'
      readonly factory: OperatorFactory<OneInputOperator<never>>
      /** What runs in BATCH instead, where an operator is another if all its input is there. */
      readonly batchFactory?: OperatorFactory<OneInputOperator<never>>
    }
  | {
      readonly kind: 'two-input'
      readonly factory: OperatorFactory<TwoInputOperator<never, never>>
    }
  | { readonly kind: 'sink'; readonly sink: Sink<never, unknown, unknown> }
  | { readonly kind: 'union' }
  | { readonly kind: 'partition'; readonly partitioning: Partitioning }
  | { readonly kind: 'side-output'; readonly tagId: string }

/** How the state of a keyed operator is addressed. */
export interface KeyedInput {
  readonly keySelector: KeySelector<never, unknown>
  readonly keyType: TypeInformation<unknown> | undefined
  /** The key of the second input, if the operator has one that is keyed. */
  readonly secondKeySelector?: KeySelector<never, unknown>
}

/** How most of an operator's work can be done ahead of the exchange that leads to it. */
export interface PreAggregation {
  readonly name: string
  /** Folds records where they are. Without state: it hands on what it has before a barrier. */
  readonly local: OperatorFactory<OneInputOperator<never>>
  /** The operator itself, of what was folded. Its state is the same, so each can go on from it. */
  readonly global: OperatorFactory<OneInputOperator<never>>
  /** The key of what was folded. */
  readonly keySelector: KeySelector<never, unknown>
}

/**
 * A node of the program as the API records it. Its settings may change until the StreamGraph is
 * made; `union`, `partition` and `side-output` become edges there.
 */
export class Transformation {
  readonly id: number
  readonly body: TransformationBody
  readonly inputs: readonly Transformation[]
  /** Set if the operator is keyed. */
  readonly keyed: KeyedInput | undefined
  name: string
  description: string | undefined = undefined
  uid: string | undefined = undefined
  /** The operator this one belongs to: its uid with the suffix names the state here. */
  uidAfter: { readonly owner: Transformation; readonly suffix: string } | undefined = undefined
  parallelism: number | undefined = undefined
  maxParallelism: number | undefined = undefined
  slotSharingGroup: string | undefined = undefined
  /** Says how to pre-aggregate, or that it cannot be done; asked if the plan would like to. */
  preAggregation: (() => PreAggregation | undefined) | undefined = undefined
  /** Type of the records that come out, if the program declares it. */
  outputType: TypeInformation<unknown> | undefined = undefined
  chaining: ChainingRule = 'always'
  /** Why the operator cannot run in BATCH, if it cannot. */
  streamingOnly: string | undefined = undefined
  /** Why all its subtasks have to be in one isolate, if they have. */
  oneIsolateOnly: string | undefined = undefined
  /** Highest parallelism the operator supports, 1 for non-parallel ones; with the reason. */
  parallelismLimit: { readonly limit: number; readonly reason: string } | undefined = undefined

  constructor(
    id: number,
    name: string,
    body: TransformationBody,
    inputs: readonly Transformation[],
    keyed?: KeyedInput,
  ) {
    this.id = id
    this.name = name
    this.body = body
    this.inputs = inputs
    this.keyed = keyed
  }
}

/** The name of an operator's state, if the program gives one. */
export function uidOf({ uid, uidAfter }: Transformation): string | undefined {
  if (uid !== undefined || uidAfter?.owner.uid === undefined) return uid
  return `${uidAfter.owner.uid}${uidAfter.suffix}`
}

/** The declared type of the records a transformation hands on; parting a stream keeps it. */
export function recordTypeOf(transformation: Transformation): TypeInformation<unknown> | undefined {
  if (transformation.outputType !== undefined) return transformation.outputType
  const input = transformation.inputs[0]
  if (transformation.body.kind !== 'partition' || input === undefined) return undefined
  return recordTypeOf(input)
}

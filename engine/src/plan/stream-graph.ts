import type { Partitioning } from './partitioning.ts'
import type { ResolvedRuntimeMode } from './runtime-mode.ts'
import type { ChainingRule, KeyedInput, TransformationBody } from './transformation.ts'

/** What a node of the StreamGraph does: a transformation that has an operator at run time. */
export type StreamNodeBody = Extract<
  TransformationBody,
  { kind: 'source' | 'one-input' | 'two-input' | 'sink' }
>

/** An operator of the logical graph, before chaining. */
export interface StreamNode {
  readonly id: number
  readonly name: string
  readonly description: string | undefined
  readonly body: StreamNodeBody
  readonly keyed: KeyedInput | undefined
  readonly parallelism: number
  readonly maxParallelism: number
  readonly slotSharingGroup: string
  readonly chaining: ChainingRule
  /** `client`: its tasks stay in the program that submits the job; `any`: in any slot. */
  readonly place: 'any' | 'client'
  /** The name the user gave the operator's state, if any. */
  readonly uid: string | undefined
  /** The address of the operator's state: made from the uid, or from the place in the graph. */
  readonly operatorId: string
  /** Put in by the plan, not by the program: it has no state, and no snapshot has to know it. */
  readonly isAddedByPlan: boolean
}

/** A connection between two nodes. */
export interface StreamEdge {
  readonly source: number
  readonly target: number
  /** Which input of the target: 0, or 1 for the second of a two-input operator. */
  readonly inputIndex: 0 | 1
  readonly partitioning: Partitioning
  /** The side output that is read; undefined for the main output. */
  readonly tagId: string | undefined
}

/** The logical graph of a job: nodes in topological order, and edges. */
export interface StreamGraph {
  readonly jobName: string
  readonly nodes: readonly StreamNode[]
  readonly edges: readonly StreamEdge[]
  readonly runtimeMode: ResolvedRuntimeMode
  /** True if a vertex starts only when what it reads is complete. */
  readonly blockingExchanges: boolean
  /** False if chaining is switched off for the whole job. */
  readonly chainingEnabled: boolean
}

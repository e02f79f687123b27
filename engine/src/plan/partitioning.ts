import type { KeySelector, Partitioner } from '../operator/function/functions.ts'

/** The rule that picks the channels of a record on an edge of the graph. */
export type Partitioning =
  /** Subtask i to subtask i; needs equal parallelism. The only rule that can be chained. */
  | { readonly kind: 'forward' }
  /** One record after the other to all subtasks in turn. */
  | { readonly kind: 'rebalance' }
  /** In turn to the subtasks of one's own share, without crossing between shares. */
  | { readonly kind: 'rescale' }
  /** To a random subtask. */
  | { readonly kind: 'shuffle' }
  /** To every subtask. */
  | { readonly kind: 'broadcast' }
  /** To subtask 0. */
  | { readonly kind: 'global' }
  /** By the key group of the record's key. */
  | { readonly kind: 'hash'; readonly keySelector: KeySelector<never, unknown> }
  /** By a function of the user. */
  | {
      readonly kind: 'custom'
      readonly keySelector: KeySelector<never, unknown>
      readonly partitioner: Partitioner<never>
    }

/** The rule of an edge for which the program names none. */
export function partitioningFor(
  sourceParallelism: number,
  targetParallelism: number,
): Partitioning {
  return { kind: sourceParallelism === targetParallelism ? 'forward' : 'rebalance' }
}

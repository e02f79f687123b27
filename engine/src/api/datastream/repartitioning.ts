import type { BroadcastDescriptor } from '../../operator/broadcast/broadcast-process-function.ts'
import type { KeySelector, Partitioner } from '../../operator/function/functions.ts'
import type { BroadcastStream } from './broadcast-stream.ts'

/** Decides to which subtasks of the next operator records go; each method gives a stream `S`. */
export interface Repartitioning<T, S> {
  /**
   * Sends records from subtask i to subtask i, which is also what happens without a word if it can.
   *
   * @throws INVALID_PROGRAM from `execute` if the parallelism of the two differs: use `rebalance`
   */
  forward(): S
  /**
   * Sends records to all subtasks in turn, so that each has the same load.
   *
   * ```ts
   * const spread = env.fromElements(1, 2, 3, 4).rebalance().map((n) => n).setParallelism(2)
   * const numbers = await spread.executeAndCollect()
   * numbers.sort() // => [1, 2, 3, 4]
   * ```
   */
  rebalance(): S
  /**
   * Sends records in turn within the sender's own share of the receivers: 2 to 6 means three each.
   * Fewer connections than `rebalance`.
   */
  rescale(): S
  /**
   * Sends each record to a random subtask.
   */
  shuffle(): S
  /**
   * Sends each record to every subtask.
   *
   * ```ts
   * const copies = env.fromElements('rule').broadcast().map((rule) => rule).setParallelism(3)
   * await copies.executeAndCollect() // => ['rule', 'rule', 'rule']
   * ```
   */
  broadcast(): S
  /** The same, to make broadcast state of the records: pass the result to `connect`. */
  broadcast(...states: readonly [BroadcastDescriptor, ...BroadcastDescriptor[]]): BroadcastStream<T>
  /**
   * Sends all records to subtask 0. Whatever follows has one busy subtask.
   */
  global(): S
  /**
   * Sends each record to the subtask that `partitioner` names for its key. The stream is not keyed
   * by it: use `keyBy` for state.
   *
   * ```ts
   * const byParity = env
   *   .fromElements(1, 2, 3)
   *   .partitionCustom((key: number, subtasks) => key % subtasks, (n) => n)
   *   .map((n) => n)
   *   .setParallelism(2)
   * const numbers = await byParity.executeAndCollect()
   * numbers.sort() // => [1, 2, 3]
   * ```
   */
  partitionCustom<K>(partitioner: Partitioner<K>, selector: KeySelector<T, K>): S
}

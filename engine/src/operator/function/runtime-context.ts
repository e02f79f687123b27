import type { Accumulator } from '../../core/accumulator.ts'
import type { MetricGroup } from '../../core/metrics.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { KeyedStateStore } from '../../state/keyed-state.ts'
import type { ResourceLease, ResourceOptions } from '../resource/shared-resources.ts'

/**
 * What a rich function sees of its surroundings: where it runs, its state, metrics and
 * accumulators. Handed to `open`. The state methods throw INVALID_PROGRAM on a stream that is not
 * keyed.
 */
export interface RuntimeContext extends KeyedStateStore {
  /** Job, operator, subtask index, parallelism, attempt. */
  readonly task: TaskInfo
  readonly metrics: MetricGroup
  /** The parameters of the job, as given by `env.setGlobalParameters`. */
  readonly globalParameters: Readonly<Record<string, string>>
  /** Registers an accumulator; its merged value is in the job's result under `name`. */
  addAccumulator<V, R>(name: string, accumulator: Accumulator<V, R>): void
  /**
   * Takes part in a client of something outside of the job, such as a connection pool: one of the
   * subtask's own, or one that all subtasks on the TaskManager share. The runtime releases it after
   * the function was closed; the last release closes it. Metric: `numOpenConnections`.
   *
   * ```ts
   * class Lookup implements AsyncFunction<string, number> {
   *   #client?: Promise<Map<string, number>>
   *   open(context: RuntimeContext): void {
   *     this.#client = context.acquire({
   *       name: 'lengths',
   *       sharing: 'task-manager',
   *       open: () => new Map([['a', 1]]), // in earnest: a pool of connections
   *       close: (client) => client.clear(),
   *     }).resource
   *   }
   *   async asyncInvoke(word: string): Promise<number> {
   *     return (await this.#client)?.get(word) ?? 0
   *   }
   * }
   * const words = env.fromElements('a', 'b')
   * const found = asyncDataStream.orderedWait(words, perSubtask(() => new Lookup()))
   * await found.executeAndCollect() // => [1, 0]
   * ```
   */
  acquire<R>(options: ResourceOptions<R>): ResourceLease<R>
}

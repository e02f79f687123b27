import type { Accumulator } from '../../core/accumulator.ts'
import type { MetricGroup } from '../../core/metrics.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { KeyedStateStore } from '../../state/keyed-state.ts'

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
}

import type { Accumulator } from '../../core/accumulator.ts'
import type { SubtaskMetrics } from '../../plan/job-executor.ts'
import { type ExecutionId, executionKey, type TaskReport } from '../rpc/gateways.ts'

type AnyAccumulator = Accumulator<never, unknown>

/** What the tasks of a job told of themselves: metrics and accumulators. */
export class JobReports {
  readonly #ended = new Map<string, TaskReport>()
  #restarts = 0

  /** How often the job was restarted. */
  get restarts(): number {
    return this.#restarts
  }

  /** The last report of a task that has ended. */
  ended(id: ExecutionId, report: TaskReport): void {
    this.#ended.set(executionKey(id), report)
  }

  /** The job starts anew: reports of the failed attempt count no more. */
  restarted(): void {
    this.#restarts++
    this.#ended.clear()
  }

  /** Accumulators merged over all subtasks. @param running reports of tasks that still run */
  accumulators(running: readonly TaskReport[]): Readonly<Record<string, unknown>> {
    const merged = new Map<string, AnyAccumulator>()
    for (const report of [...this.#ended.values(), ...running]) {
      for (const [name, accumulator] of report.accumulators) {
        const sum = merged.get(name)
        merged.set(name, sum === undefined ? accumulator : sum.merge(accumulator as never))
      }
    }
    return Object.fromEntries([...merged].map(([name, { localValue }]) => [name, localValue]))
  }

  metrics(running: readonly TaskReport[]): readonly SubtaskMetrics[] {
    return [...this.#ended.values(), ...running].flatMap((report) => report.metrics)
  }
}

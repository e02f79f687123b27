import type { Accumulator } from '../../core/accumulator.ts'
import type { SubtaskMetrics } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import { type ExecutionId, executionKey, type TaskReport } from '../rpc/gateways.ts'

type AnyAccumulator = Accumulator<never, unknown>

interface EndedTask {
  readonly vertexId: string
  readonly report: TaskReport
}

/** What the tasks of a job told of themselves: metrics and accumulators. */
export class JobReports {
  readonly #ended = new Map<string, EndedTask>()
  #restarts = 0

  /** How often the job was restarted. */
  get restarts(): number {
    return this.#restarts
  }

  /** The last report of a task that has ended. */
  ended(id: ExecutionId, report: TaskReport): void {
    this.#ended.set(executionKey(id), { vertexId: id.vertexId, report })
  }

  /** Job vertices start anew: what their failed attempt reported counts no more. */
  restarted(vertexIds: readonly string[]): void {
    this.#restarts++
    for (const [key, { vertexId }] of this.#ended) {
      if (vertexIds.includes(vertexId)) this.#ended.delete(key)
    }
  }

  /** Accumulators merged over all subtasks. @param running reports of tasks that still run */
  accumulators(running: readonly TaskReport[]): Readonly<Record<string, unknown>> {
    const merged = new Map<string, AnyAccumulator>()
    for (const report of this.#all(running)) {
      for (const [name, accumulator] of report.accumulators) {
        const sum = merged.get(name)
        merged.set(name, sum === undefined ? accumulator : sum.merge(accumulator as never))
      }
    }
    return Object.fromEntries([...merged].map(([name, { localValue }]) => [name, localValue]))
  }

  /** Records that each keyed operator was sent, by key group; summed over the senders. */
  keyGroups(running: readonly TaskReport[]): ReadonlyMap<string, Float64Array> {
    const sums = new Map<string, Float64Array>()
    for (const { keyGroups } of this.#all(running)) {
      for (const { operatorId, records } of keyGroups) {
        const sum = sums.get(operatorId) ?? new Float64Array(records.length)
        sums.set(operatorId, sum)
        for (const [keyGroup, count] of records.entries()) {
          sum[keyGroup] = (sum[keyGroup] as number) + count
        }
      }
    }
    return sums
  }

  metrics(running: readonly TaskReport[]): readonly SubtaskMetrics[] {
    return this.#all(running).flatMap((report) => report.metrics)
  }

  /** Records that the sinks of a job have taken, by the name of the sink. */
  sinkRecords(graph: JobGraph): Readonly<Record<string, number>> {
    const sinks = new Map<string, string>()
    for (const { operatorId, body, name } of graph.vertices.flatMap((vertex) => vertex.operators)) {
      if (body.kind === 'sink') sinks.set(operatorId, name)
    }
    const records: Record<string, number> = {}
    for (const { operatorId, values } of this.metrics([])) {
      const name = sinks.get(operatorId)
      if (name === undefined) continue
      records[name] = (records[name] ?? 0) + (values.numRecordsIn ?? 0)
    }
    return records
  }

  #all(running: readonly TaskReport[]): readonly TaskReport[] {
    return [...[...this.#ended.values()].map(({ report }) => report), ...running]
  }
}

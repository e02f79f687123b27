import type { JobVertex } from '../../plan/job-graph.ts'
import {
  type ExecutionState,
  executionTransition,
  isTerminalExecution,
} from '../execution/execution-state.ts'
import { type ExecutionId, executionKey } from '../rpc/gateways.ts'

/** A subtask in its present execution attempt. */
export interface Execution {
  readonly id: ExecutionId
  readonly vertex: JobVertex
  readonly state: ExecutionState
}

/** Job vertices unrolled into subtasks, with the state of each in the present attempt. */
export class ExecutionGraph {
  readonly #executions = new Map<string, Execution>()

  constructor(vertices: readonly JobVertex[], jobId: string, attempt: number) {
    for (const vertex of vertices) {
      for (let subtaskIndex = 0; subtaskIndex < vertex.parallelism; subtaskIndex++) {
        const id: ExecutionId = { jobId, vertexId: vertex.id, subtaskIndex, attempt }
        this.#executions.set(executionKey(id), { id, vertex, state: 'CREATED' })
      }
    }
  }

  all(): readonly Execution[] {
    return [...this.#executions.values()]
  }

  /** The execution of that id; undefined if the id is of another attempt. */
  find(id: ExecutionId): Execution | undefined {
    return this.#executions.get(executionKey(id))
  }

  /** Records a new state. @throws ASSERTION if the execution may not go there */
  transition(id: ExecutionId, state: ExecutionState): void {
    const execution = this.find(id)
    if (execution === undefined || execution.state === state) return
    const next = executionTransition(execution.state, state)
    this.#executions.set(executionKey(id), { ...execution, state: next })
  }

  /** True if every subtask is in `state`. */
  allIn(state: ExecutionState): boolean {
    return this.all().every((execution) => execution.state === state)
  }

  /** True if no subtask runs any more. */
  get allOver(): boolean {
    return this.all().every((execution) => isTerminalExecution(execution.state))
  }
}

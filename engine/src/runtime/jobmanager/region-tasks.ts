import type { JobConfiguration } from '../../plan/job-configuration.ts'
import { beginsRegion, type JobGraph, type JobVertex } from '../../plan/job-graph.ts'
import { taskName } from '../checkpoint/checkpoint-in-progress.ts'
import { isTerminalExecution } from '../execution/execution-state.ts'
import type { CheckpointTrigger, ExecutionId, TaskManagerGateway } from '../rpc/gateways.ts'
import { ExecutionGraph } from './execution-graph.ts'
import { nextRegion } from './region-schedule.ts'
import type { RestorePlan } from './restore-plan.ts'

/** What the tasks of a job are made of. */
export interface RegionTasksOptions {
  readonly jobId: string
  readonly graph: JobGraph
  readonly configuration: JobConfiguration
  readonly taskManager: TaskManagerGateway
}

/** The tasks of the region that runs now, in their present execution attempt. */
export class RegionTasks {
  readonly #options: RegionTasksOptions
  readonly #finished = new Set<number>()
  #region: number
  #vertices: readonly JobVertex[]
  #executions: ExecutionGraph
  #attempt = 0
  /** Tasks that had processed all their input before all were running. */
  readonly #endedEarly = new Set<string>()

  constructor(options: RegionTasksOptions) {
    this.#options = options
    this.#region = nextRegion(options.graph.regions, this.#finished) ?? 0
    this.#vertices = this.#verticesOf(this.#region)
    this.#executions = new ExecutionGraph(this.#vertices, options.jobId, this.#attempt)
  }

  get executions(): ExecutionGraph {
    return this.#executions
  }

  /** The vertices of the region. */
  get vertices(): readonly JobVertex[] {
    return this.#vertices
  }

  /** Names of all tasks, see {@link taskName}. */
  get names(): ReadonlySet<string> {
    return new Set(this.#executions.all().map(({ id }) => nameOf(id)))
  }

  /** Tasks that had processed all their input before all were running. */
  get endedEarly(): ReadonlySet<string> {
    return this.#endedEarly
  }

  idOf(vertexId: string, subtaskIndex: number): ExecutionId {
    return { jobId: this.#options.jobId, vertexId, subtaskIndex, attempt: this.#attempt }
  }

  /** Deploys every task of the region. */
  deploy(plan: RestorePlan | undefined): void {
    const { jobId, graph, configuration, taskManager } = this.#options
    this.#endedEarly.clear()
    this.#executions = new ExecutionGraph(this.#vertices, jobId, this.#attempt)
    for (const { id } of this.#executions.all()) {
      this.#executions.transition(id, 'SCHEDULED')
      this.#executions.transition(id, 'DEPLOYING')
      const restore = plan?.vertices.get(id.vertexId)
      taskManager.deploy({ executionId: id, graph, configuration, restore })
    }
  }

  /** The next deployment is another execution attempt. */
  beginAttempt(): void {
    this.#attempt++
  }

  /** All tasks of the region have finished: what they read is needed no more. */
  regionFinished(): void {
    const { graph, taskManager } = this.#options
    this.#finished.add(this.#region)
    taskManager.releaseExchanges(graph.regions[this.#region]?.inputs ?? [])
  }

  /** True if a region is left that has not finished. */
  get hasNextRegion(): boolean {
    return nextRegion(this.#options.graph.regions, this.#finished) !== undefined
  }

  /** Turns to the next region, to be deployed. */
  enterNextRegion(): void {
    this.#region = nextRegion(this.#options.graph.regions, this.#finished) ?? this.#region
    this.#vertices = this.#verticesOf(this.#region)
    this.#attempt = 0
  }

  /** Nothing of the job runs any more: no result is needed. */
  releaseAll(): void {
    const { graph, taskManager } = this.#options
    taskManager.releaseExchanges(graph.edges.map(({ id }) => id))
  }

  /** Records that a task has processed all its input. @returns the task's name */
  ended(id: ExecutionId): string {
    this.#endedEarly.add(nameOf(id))
    return nameOf(id)
  }

  cancel(): void {
    for (const { id, state } of this.#executions.all()) {
      if (isTerminalExecution(state)) continue
      this.#executions.transition(id, 'CANCELING')
      this.#options.taskManager.cancel(id)
    }
  }

  /** Starts a checkpoint; barriers carry it on to the other tasks of the region. */
  triggerCheckpoint(trigger: CheckpointTrigger): void {
    this.forAll((id, vertex) => {
      if (beginsRegion(vertex)) this.#options.taskManager.triggerCheckpoint(id, trigger)
    })
  }

  forAll(tell: (id: ExecutionId, vertex: JobVertex) => void): void {
    for (const { id, vertex } of this.#executions.all()) tell(id, vertex)
  }

  #verticesOf(region: number): readonly JobVertex[] {
    const { graph } = this.#options
    const ids = graph.regions[region]?.vertices ?? []
    return graph.vertices.filter(({ id }) => ids.includes(id))
  }
}

/** The name of a task in the checkpoint coordinator. */
function nameOf({ vertexId, subtaskIndex }: ExecutionId): string {
  return taskName(vertexId, subtaskIndex)
}

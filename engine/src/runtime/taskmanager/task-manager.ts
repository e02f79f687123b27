/**
 * `runtime/taskmanager` runs tasks: it reads the state a task starts from, wires its channels, and
 * passes messages between task and JobMaster. It knows nothing of the JobManager but its gateway.
 */
import { assert } from '../../base/engine-error.ts'
import { ConfigOptions } from '../../core/config/options.ts'
import type { Env } from '../../env/env.ts'
import { SharedResources } from '../../operator/resource/shared-resources.ts'
import { beginsRegion, type JobEdge, type JobVertex } from '../../plan/job-graph.ts'
import type { StreamEdge } from '../../plan/stream-graph.ts'
import type { TaskStorage } from '../../state/checkpoint/checkpoint-storage.ts'
import type { StateSection } from '../../state/state-section.ts'
import { channelSelector, connectedSubtasks } from '../network/channel-selector.ts'
import { type InputChannel, InputGate } from '../network/input-gate.ts'
import { ResultPartition } from '../network/result-partition.ts'
import {
  type CheckpointTrigger,
  type ExecutionId,
  executionKey,
  type JobMasterGateway,
  type KeyGroupRecords,
  type TaskDeployment,
  type TaskManagerGateway,
  type TaskReport,
} from '../rpc/gateways.ts'
import type { BarrierHandlerFactory } from '../task/barrier-handler.ts'
import { type ChainBlueprint, OperatorChain } from '../task/operator-chain.ts'
import { Task } from '../task/task.ts'
import { TaskCheckpoints } from '../task/task-checkpoints.ts'
import type { TaskServices } from '../task/task-operator-context.ts'
import { ChannelRegistry } from './channel-registry.ts'
import { RingChannels, type ThreadChannels } from './ring-channels.ts'
import { readRestoredState } from './state-reader.ts'

/** What a TaskManager is made of. */
export interface TaskManagerOptions {
  readonly env: Env
  readonly storage: TaskStorage
  readonly jobMaster: JobMasterGateway
  readonly channelCredits: number
  /** How to reach tasks in other threads; undefined if there are none. */
  readonly threads?: ThreadChannels | undefined
  readonly createBarrierHandler: BarrierHandlerFactory
  warn(message: string): void
}

/** Runs the tasks of a job in this isolate. */
export class TaskManager implements TaskManagerGateway {
  readonly #options: TaskManagerOptions
  readonly #tasks = new Map<string, Task>()
  readonly #channels: ChannelRegistry
  readonly #rings: RingChannels
  readonly #resources: SharedResources

  constructor(options: TaskManagerOptions) {
    this.#options = options
    this.#channels = new ChannelRegistry(options.channelCredits)
    this.#rings = new RingChannels(options.threads)
    this.#resources = new SharedResources(options.warn)
  }

  deploy(deployment: TaskDeployment): void {
    const { env, jobMaster } = this.#options
    const id = deployment.executionId
    this.#rings.begin(id.attempt)
    const task = new Task(env, {
      stateChanged: (state, error, report) => {
        jobMaster.updateExecutionState(id, state, error, report)
        if (report !== undefined) this.#tasks.delete(executionKey(id))
      },
      endOfData: () => jobMaster.reportEndOfData(id),
    })
    this.#tasks.set(executionKey(id), task)
    void this.#start(task, deployment).catch((error) => task.fail(error))
  }

  cancel(id: ExecutionId): void {
    this.#tasks.get(executionKey(id))?.cancel()
  }

  finish(id: ExecutionId): void {
    this.#tasks.get(executionKey(id))?.finish()
  }

  triggerCheckpoint(id: ExecutionId, trigger: CheckpointTrigger): void {
    const task = this.#tasks.get(executionKey(id))
    if (task?.state === 'RUNNING') task.triggerCheckpoint(trigger)
    else {
      const state = task?.state ?? 'gone'
      this.#options.jobMaster.declineCheckpoint(
        id,
        trigger.checkpointId,
        `task ${executionKey(id)} is ${state}`,
      )
    }
  }

  notifyCheckpointComplete(id: ExecutionId, checkpointId: number): void {
    this.#tasks.get(executionKey(id))?.notifyCheckpointComplete(checkpointId)
  }

  notifyCheckpointAborted(id: ExecutionId, checkpointId: number): void {
    this.#tasks.get(executionKey(id))?.notifyCheckpointAborted(checkpointId)
  }

  addSplits(id: ExecutionId, _operatorId: string, splits: readonly unknown[]): void {
    this.#tasks.get(executionKey(id))?.addSplits(splits)
  }

  signalNoMoreSplits(id: ExecutionId, _operatorId: string): void {
    this.#tasks.get(executionKey(id))?.signalNoMoreSplits()
  }

  alignWatermark(id: ExecutionId, _operatorId: string, groupWatermarkMs: number): void {
    this.#tasks.get(executionKey(id))?.alignWatermark(groupWatermarkMs)
  }

  releaseExchanges(edgeIds: readonly number[]): void {
    this.#channels.release(edgeIds)
  }

  /** What the running tasks report of themselves now. */
  reports(): readonly TaskReport[] {
    return [...this.#tasks.values()].map((task) => task.report())
  }

  async #start(task: Task, deployment: TaskDeployment): Promise<void> {
    const { env, storage, jobMaster } = this.#options
    const { executionId: id, configuration, restore } = deployment
    const vertex = vertexOf(deployment, id.vertexId)
    for (const edge of [...vertex.inputs, ...vertex.outputs]) {
      this.#channels.releaseBefore({ edge, attempt: id.attempt })
    }
    const restored =
      restore === undefined
        ? undefined
        : await readRestoredState(env, storage, vertex, id.subtaskIndex, restore)
    if (task.state !== 'DEPLOYING') return
    const config = configuration.configuration
    task.start({
      gate: new InputGate(this.#inputChannels(deployment, vertex)),
      beginsRegion: beginsRegion(vertex),
      checkpoints: new TaskCheckpoints({
        env,
        storage,
        vertexName: vertex.name,
        subtaskIndex: id.subtaskIndex,
        acknowledge: (acknowledgement) => jobMaster.acknowledgeCheckpoint(id, acknowledgement),
        decline: (checkpointId, reason) => jobMaster.declineCheckpoint(id, checkpointId, reason),
      }),
      createBarrierHandler: this.#options.createBarrierHandler,
      resources: this.#resources,
      buildChain: (services) => this.#buildChain(deployment, vertex, restored, services, task),
      finishedOnRestore: restore?.finished ?? false,
      options: {
        recordErrorPolicy: config.get(ConfigOptions.recordErrorPolicy),
        autoWatermarkIntervalMs: config.get(ConfigOptions.autoWatermarkInterval),
        globalParameters: configuration.globalParameters,
        warn: this.#options.warn,
      },
    })
  }

  #buildChain(
    deployment: TaskDeployment,
    vertex: JobVertex,
    restored: ReadonlyMap<string, readonly StateSection[]> | undefined,
    services: TaskServices,
    task: Task,
  ): OperatorChain {
    const { executionId: id, graph } = deployment
    const { jobMaster } = this.#options
    return new OperatorChain({
      vertex,
      jobId: id.jobId,
      jobName: graph.jobName,
      runtimeMode: graph.runtimeMode,
      subtaskIndex: id.subtaskIndex,
      attempt: id.attempt,
      ...this.#partitions(deployment, vertex),
      restored,
      restoredCheckpointId: deployment.restore?.checkpointId,
      services,
      sourceLink: {
        requestSplit: () => jobMaster.requestSplit(id, vertex.id),
        reportWatermark: (watermarkMs) => jobMaster.reportWatermark(id, vertex.id, watermarkMs),
        wakeUp: () => task.wakeSource(),
        fail: (error) => task.fail(error),
      },
      typeRegistry: deployment.configuration.typeRegistry,
      warn: this.#options.warn,
    })
  }

  #partitions(
    deployment: TaskDeployment,
    vertex: JobVertex,
  ): Pick<ChainBlueprint, 'partitions' | 'keyGroups'> {
    const { subtaskIndex, attempt } = deployment.executionId
    const partitions = new Map<StreamEdge, ResultPartition>()
    const keyGroups: KeyGroupRecords[] = []
    for (const edge of vertex.outputs) {
      const target = vertexOf(deployment, edge.targetVertex)
      const subtasks = connectedSubtasks(
        edge.edge.partitioning,
        subtaskIndex,
        vertex.parallelism,
        target.parallelism,
      )
      const hasEnded = deployment.restore?.finished ?? false
      const channels = subtasks.map((targetSubtask) => {
        const place = { edge, sourceSubtask: subtaskIndex, targetSubtask, attempt }
        return this.#rings.sender(deployment, place) ?? this.#channels.toSendTo(place, hasEnded)
      })
      const isKeyed = edge.edge.partitioning.kind === 'hash'
      const keyGroupRecords = isKeyed ? new Float64Array(target.maxParallelism) : undefined
      if (keyGroupRecords !== undefined) {
        keyGroups.push({ operatorId: target.id, records: keyGroupRecords })
      }
      const select = channelSelector(edge.edge.partitioning, {
        channelCount: channels.length,
        targetMaxParallelism: target.maxParallelism,
        sourceSubtask: subtaskIndex,
        random: this.#options.env.random.stream(`shuffle-${edge.id}-${subtaskIndex}`),
        keyGroupRecords,
      })
      const toAll = edge.edge.partitioning.kind === 'broadcast'
      partitions.set(edge.edge, new ResultPartition(channels, select, toAll))
    }
    return { partitions, keyGroups }
  }

  #inputChannels(deployment: TaskDeployment, vertex: JobVertex): readonly InputChannel[] {
    const { subtaskIndex, attempt } = deployment.executionId
    return vertex.inputs.flatMap((edge: JobEdge) => {
      const { parallelism } = vertexOf(deployment, edge.sourceVertex)
      const { partitioning, inputIndex } = edge.edge
      return Array.from({ length: parallelism }, (_, source) => source)
        .filter((source) =>
          connectedSubtasks(partitioning, source, parallelism, vertex.parallelism).includes(
            subtaskIndex,
          ),
        )
        .map((sourceSubtask) => {
          const place = { edge, sourceSubtask, targetSubtask: subtaskIndex, attempt }
          const ring = this.#rings.receiver(deployment, place)
          return { channel: ring ?? this.#channels.toReadFrom(place), inputIndex }
        })
    })
  }
}

function vertexOf(deployment: TaskDeployment, vertexId: string): JobVertex {
  const vertex = deployment.graph.vertices.find((candidate) => candidate.id === vertexId)
  assert(vertex !== undefined, `job vertex ${vertexId} is not in the graph`)
  return vertex
}

import type { SubtaskCheckpointStatistics } from '../../plan/job-executor.ts'
import type { JobGraph } from '../../plan/job-graph.ts'
import type { StreamNode } from '../../plan/stream-graph.ts'
import type {
  CheckpointMetadata,
  OperatorCheckpoint,
  StateHandle,
} from '../../state/checkpoint/checkpoint-metadata.ts'
import type { CheckpointAcknowledgement } from '../rpc/gateways.ts'

/** Gathers what the tasks acknowledge until the metadata of the checkpoint can be written. */
export class CheckpointInProgress {
  readonly checkpointId: number
  readonly #triggeredMs: number
  readonly #coordinators: ReadonlyMap<string, Uint8Array>
  readonly #acknowledged = new Map<string, CheckpointAcknowledgement>()

  /** @param coordinators the enumerators' states by operator id */
  constructor(
    checkpointId: number,
    triggeredMs: number,
    coordinators: ReadonlyMap<string, Uint8Array>,
  ) {
    this.checkpointId = checkpointId
    this.#triggeredMs = triggeredMs
    this.#coordinators = coordinators
  }

  /** @param task vertex id and subtask index, `<vertex>/<subtask>` */
  acknowledge(task: string, acknowledgement: CheckpointAcknowledgement): void {
    this.#acknowledged.set(task, acknowledgement)
  }

  statistics(): readonly SubtaskCheckpointStatistics[] {
    return [...this.#acknowledged.values()].map(({ statistics }) => statistics)
  }

  metadata(
    job: { readonly jobId: string; readonly jobName: string },
    graph: JobGraph,
    completedMs: number,
  ): CheckpointMetadata {
    return {
      checkpointId: this.checkpointId,
      jobId: job.jobId,
      jobName: job.jobName,
      purpose: 'checkpoint',
      triggeredMs: this.#triggeredMs,
      completedMs,
      operators: graph.vertices.flatMap((vertex) =>
        vertex.operators.map((node) => this.#operator(node, vertex.id)),
      ),
    }
  }

  #operator(node: StreamNode, vertexId: string): OperatorCheckpoint {
    const acknowledgements = Array.from({ length: node.parallelism }, (_, subtask) =>
      this.#acknowledged.get(taskName(vertexId, subtask)),
    )
    const subtasks: (StateHandle | undefined)[] = acknowledgements.map(
      (acknowledgement) =>
        acknowledgement?.operators.find(({ operatorId }) => operatorId === node.operatorId)?.handle,
    )
    const coordinator = this.#coordinators.get(node.operatorId)
    return {
      operatorId: node.operatorId,
      uid: node.uid,
      name: node.name,
      parallelism: node.parallelism,
      maxParallelism: node.maxParallelism,
      stateful: coordinator !== undefined || subtasks.some((handle) => handle !== undefined),
      subtasks,
      coordinator,
      finished: acknowledgements.every((acknowledgement) => acknowledgement?.finished === true),
    }
  }
}

/** The name of a subtask in the coordinator: the same in every execution attempt. */
export function taskName(vertexId: string, subtaskIndex: number): string {
  return `${vertexId}/${subtaskIndex}`
}

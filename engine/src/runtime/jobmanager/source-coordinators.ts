import type { Env } from '../../env/env.ts'
import type { JobVertex } from '../../plan/job-graph.ts'
import type { ExecutionId, TaskManagerGateway } from '../rpc/gateways.ts'
import { SourceCoordinator } from './source-coordinator.ts'
import { WatermarkAlignmentGroup } from './watermark-alignment.ts'

/** How to reach a source's subtask in the present execution attempt. */
export interface SourceSubtask {
  readonly id: ExecutionId
  readonly gateway: TaskManagerGateway
  fail(error: unknown): void
}

/** The sources that align their watermarks with each other. */
interface AlignedSources {
  readonly vertices: JobVertex[]
  readonly alignment: WatermarkAlignmentGroup
}

/** The coordinators of the sources that run, for the present execution attempt. */
export class SourceCoordinators {
  readonly #env: Env
  readonly #subtask: (vertexId: string, subtaskIndex: number) => SourceSubtask
  #coordinators = new Map<string, SourceCoordinator>()
  readonly #groups = new Map<string, AlignedSources>()

  constructor(env: Env, subtask: (vertexId: string, subtaskIndex: number) => SourceSubtask) {
    this.#env = env
    this.#subtask = subtask
  }

  /**
   * Makes and starts the enumerators of the sources among `vertices`.
   * @param restored their states by operator id
   */
  start(
    vertices: readonly JobVertex[],
    restored: ReadonlyMap<string, Uint8Array> | undefined,
  ): void {
    this.close()
    for (const vertex of vertices) {
      const head = vertex.operators[0]
      if (head?.body.kind !== 'source') continue
      const of = (subtaskIndex: number): SourceSubtask => this.#subtask(vertex.id, subtaskIndex)
      this.#join(head.body.watermarkStrategy.alignment?.group, vertex)
      const link = {
        addSplits: (subtaskIndex: number, splits: readonly unknown[]) => {
          const { gateway, id } = of(subtaskIndex)
          gateway.addSplits(id, head.operatorId, splits)
        },
        signalNoMoreSplits: (subtaskIndex: number) => {
          const { gateway, id } = of(subtaskIndex)
          gateway.signalNoMoreSplits(id, head.operatorId)
        },
        fail: (error: unknown) => of(0).fail(error),
      }
      this.#coordinators.set(
        head.operatorId,
        new SourceCoordinator(
          head,
          head.body.source,
          this.#env,
          link,
          restored?.get(head.operatorId),
        ),
      )
    }
  }

  requestSplit(operatorId: string, subtaskIndex: number): void {
    this.#coordinators.get(operatorId)?.handleSplitRequest(subtaskIndex)
  }

  /** A subtask of a source that aligns its watermark is so far. Tells all of its group. */
  reportWatermark(operatorId: string, subtaskIndex: number, watermarkMs: number): void {
    for (const { vertices, alignment } of this.#groups.values()) {
      if (!vertices.some(({ id }) => id === operatorId)) continue
      const groupMs = alignment.report(operatorId, subtaskIndex, watermarkMs)
      for (const { id: vertexId, parallelism } of vertices) {
        for (let subtask = 0; subtask < parallelism; subtask++) {
          const { gateway, id } = this.#subtask(vertexId, subtask)
          gateway.alignWatermark(id, vertexId, groupMs)
        }
      }
    }
  }

  /** The state of every enumerator as bytes, by operator id. */
  snapshot(checkpointId: number): ReadonlyMap<string, Uint8Array> {
    return new Map(
      [...this.#coordinators].map(([id, coordinator]) => [id, coordinator.snapshot(checkpointId)]),
    )
  }

  close(): void {
    for (const coordinator of this.#coordinators.values()) coordinator.close()
    this.#coordinators = new Map()
    this.#groups.clear()
  }

  /** Adds the subtasks of a source to the group it aligns its watermark with. */
  #join(groupName: string | undefined, vertex: JobVertex): void {
    if (groupName === undefined) return
    const known = this.#groups.get(groupName)
    const group = known ?? { vertices: [], alignment: new WatermarkAlignmentGroup() }
    this.#groups.set(groupName, group)
    group.vertices.push(vertex)
    for (let subtask = 0; subtask < vertex.parallelism; subtask++) {
      group.alignment.add(vertex.id, subtask)
    }
  }
}

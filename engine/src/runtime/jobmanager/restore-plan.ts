import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { JobGraph, JobVertex } from '../../plan/job-graph.ts'
import type { StreamNode } from '../../plan/stream-graph.ts'
import type {
  CheckpointMetadata,
  OperatorCheckpoint,
} from '../../state/checkpoint/checkpoint-metadata.ts'
import type { TaskRestore } from '../rpc/gateways.ts'

/** What every vertex and source of a job starts from. */
export interface RestorePlan {
  readonly checkpointId: number
  /** By vertex id. */
  readonly vertices: ReadonlyMap<string, TaskRestore>
  /** Enumerator states by operator id. */
  readonly coordinators: ReadonlyMap<string, Uint8Array>
}

/**
 * Maps the state of a snapshot to the operators of a job, by operator id.
 * @throws STATE_NOT_RESTORABLE if the snapshot has state that no operator of the job takes (unless
 *   `allowNonRestored`), or if an operator's max parallelism differs from that of its state
 */
export function planRestore(
  graph: JobGraph,
  metadata: CheckpointMetadata,
  allowNonRestored: boolean,
): RestorePlan {
  const nodes = graph.vertices.flatMap((vertex) => vertex.operators)
  const stored = new Map(metadata.operators.map((operator) => [operator.operatorId, operator]))
  if (!allowNonRestored) refuseUnclaimed(nodes, metadata)
  const vertices = new Map<string, TaskRestore>()
  const coordinators = new Map<string, Uint8Array>()
  for (const vertex of graph.vertices) {
    vertices.set(vertex.id, restoreOf(vertex, stored, metadata.checkpointId))
    for (const node of vertex.operators) {
      const coordinator = stored.get(node.operatorId)?.coordinator
      if (coordinator !== undefined) coordinators.set(node.operatorId, coordinator)
    }
  }
  return { checkpointId: metadata.checkpointId, vertices, coordinators }
}

function restoreOf(
  vertex: JobVertex,
  stored: ReadonlyMap<string, OperatorCheckpoint>,
  checkpointId: number,
): TaskRestore {
  const operators: Record<string, OperatorCheckpoint['subtasks']> = {}
  let finished = true
  for (const node of vertex.operators) {
    const operator = stored.get(node.operatorId)
    if (operator === undefined && node.isAddedByPlan) continue // says nothing: it has no state
    finished &&= operator?.finished ?? false
    if (operator === undefined) continue
    refuseOtherMaxParallelism(node, operator)
    operators[node.operatorId] = operator.subtasks
  }
  return { checkpointId, operators, finished }
}

function refuseOtherMaxParallelism(node: StreamNode, operator: OperatorCheckpoint): void {
  if (!operator.stateful || node.maxParallelism === operator.maxParallelism) return
  throw new EngineError(
    ErrorCode.STATE_NOT_RESTORABLE,
    `operator '${node.name}' has max parallelism ${node.maxParallelism}, its state was written with ` +
      `${operator.maxParallelism}; max parallelism is fixed for the life of the state: set it to ` +
      `${operator.maxParallelism}`,
  )
}

function refuseUnclaimed(nodes: readonly StreamNode[], metadata: CheckpointMetadata): void {
  const known = new Set(nodes.map((node) => node.operatorId))
  const unclaimed = metadata.operators.filter(
    (operator) => operator.stateful && !known.has(operator.operatorId),
  )
  if (unclaimed.length === 0) return
  const missing = unclaimed.map(describeStored).join('; ')
  const withoutUid = nodes.filter((node) => node.uid === undefined && !node.isAddedByPlan)
  const generated = withoutUid.map((node) => `'${node.name}' (${node.operatorId})`).join(', ')
  throw new EngineError(
    ErrorCode.STATE_NOT_RESTORABLE,
    `checkpoint ${metadata.checkpointId} of job '${metadata.jobName}' holds state that no operator of ` +
      `this program takes: ${missing}. ` +
      (generated === '' ? '' : `Operators of this program without uid: ${generated}. `) +
      "Give stateful operators a uid, or set 'execution.state-recovery.ignore-unclaimed-state' to " +
      'true to drop the state',
  )
}

function describeStored(operator: OperatorCheckpoint): string {
  const address =
    operator.uid === undefined ? `generated id ${operator.operatorId}` : `uid '${operator.uid}'`
  return `'${operator.name}' (${address})`
}

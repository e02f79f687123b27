import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { MAX_PARALLELISM_DEFAULT } from '../core/key-group.ts'
import { bodyInBatch } from './body-in-batch.ts'
import { assignOperatorIds } from './operator-id.ts'
import { type Partitioning, partitioningFor } from './partitioning.ts'
import { type PreAggregationSettings, withPreAggregation } from './pre-aggregation.ts'
import { type RuntimeMode, resolveRuntimeMode } from './runtime-mode.ts'
import type { StreamEdge, StreamGraph, StreamNode, StreamNodeBody } from './stream-graph.ts'
import { type Transformation, uidOf } from './transformation.ts'

/** Settings of the whole job that single transformations may override. */
export interface StreamGraphSettings extends PreAggregationSettings {
  readonly jobName: string
  /** Parallelism of operators that set none. */
  readonly parallelism: number
  /** Max parallelism of operators that set none. */
  readonly maxParallelism: number | undefined
  readonly chainingEnabled: boolean
  readonly runtimeMode: RuntimeMode
  /** How exchanges work in BATCH. */
  readonly batchShuffleMode: BatchShuffleMode
}

/** Whether the vertices of a BATCH job run one after the other, or all at once. */
export type BatchShuffleMode = 'ALL_EXCHANGES_BLOCKING' | 'ALL_EXCHANGES_PIPELINED'

/** One way into an operator: the real node it comes from, and the virtual nodes passed. */
interface Origin {
  readonly node: Transformation
  readonly partitioning: Partitioning | undefined
  readonly tagId: string | undefined
}

/**
 * Makes the StreamGraph of a program. Union, partition and side-output transformations turn into
 * edges.
 * @param roots every transformation of the program, in the order of its making
 * @throws INVALID_PROGRAM if the program has no operators, repeats a uid, asks for a parallelism
 *   that an operator does not support, or for BATCH and cannot run in it
 */
export function generateStreamGraph(
  roots: readonly Transformation[],
  settings: StreamGraphSettings,
): StreamGraph {
  const real = roots.filter((transformation) => bodyOf(transformation) !== undefined)
  if (real.length === 0) {
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      'the program builds no pipeline: add a source and a sink before execute()',
    )
  }
  if (settings.target === 'threads') refuseOnThreads(real)
  const parallelismOf = new Map(real.map((node) => [node.id, resolveParallelism(node, settings)]))
  const edges: StreamEdge[] = []
  for (const target of real) {
    target.inputs.forEach((input, index) => {
      for (const origin of originsOf(input)) {
        edges.push({
          source: origin.node.id,
          target: target.id,
          inputIndex: index === 0 ? 0 : 1,
          partitioning: checkForward(
            origin.partitioning ??
              partitioningFor(
                parallelismOf.get(origin.node.id) ?? 1,
                parallelismOf.get(target.id) ?? 1,
              ),
            origin.node,
            target,
            parallelismOf,
          ),
          tagId: origin.tagId,
        })
      }
    })
  }
  const operatorIds = assignOperatorIds(real, edges)
  const runtimeMode = resolveRuntimeMode(real, settings.runtimeMode)
  const isBatch = runtimeMode === 'BATCH'
  const nodes = real
    .map((node) => streamNode(node, settings, parallelismOf, operatorIds))
    .map((node) => (isBatch ? Object.freeze({ ...node, body: bodyInBatch(node.body) }) : node))
  const graph: StreamGraph = {
    jobName: settings.jobName,
    nodes,
    edges,
    runtimeMode,
    blockingExchanges: isBatch && settings.batchShuffleMode === 'ALL_EXCHANGES_BLOCKING',
    chainingEnabled: settings.chainingEnabled,
  }
  return withPreAggregation(graph, real, settings)
}

function streamNode(
  node: Transformation,
  settings: StreamGraphSettings,
  parallelismOf: ReadonlyMap<number, number>,
  operatorIds: ReadonlyMap<number, string>,
): StreamNode {
  const parallelism = parallelismOf.get(node.id) ?? 1
  const maxParallelism =
    node.maxParallelism ?? settings.maxParallelism ?? Math.max(MAX_PARALLELISM_DEFAULT, parallelism)
  if (parallelism > maxParallelism) {
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `operator '${node.name}' has parallelism ${parallelism} but max parallelism ${maxParallelism}; ` +
        'lower the one or raise the other (max parallelism is fixed for the life of the state)',
    )
  }
  return Object.freeze({
    id: node.id,
    name: node.name,
    description: node.description,
    body: bodyOf(node) as StreamNodeBody,
    keyed: node.keyed,
    parallelism,
    maxParallelism,
    slotSharingGroup: node.slotSharingGroup ?? 'default',
    chaining: node.chaining,
    place: settings.target === 'in-process' ? 'any' : placeOf(node),
    uid: uidOf(node),
    operatorId: operatorIds.get(node.id) ?? '',
    isAddedByPlan: false,
  })
}

function resolveParallelism(node: Transformation, settings: StreamGraphSettings): number {
  const limit = node.parallelismLimit
  if (limit === undefined) return node.parallelism ?? settings.parallelism
  const wanted = node.parallelism ?? limit.limit
  if (wanted <= limit.limit) return wanted
  throw new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `operator '${node.name}' cannot run with parallelism ${wanted}: ${limit.reason}; ` +
      `set its parallelism to ${limit.limit} and rebalance() after it`,
  )
}

function bodyOf(node: Transformation): StreamNodeBody | undefined {
  const { body } = node
  switch (body.kind) {
    case 'union':
    case 'partition':
    case 'side-output':
      return undefined
    default:
      return body
  }
}

function placeOf({ body }: Transformation): 'any' | 'client' {
  const part = body.kind === 'source' ? body.source : body.kind === 'sink' ? body.sink : undefined
  return part?.place ?? 'any'
}

function refuseOnThreads(nodes: readonly Transformation[]): void {
  for (const { name, oneIsolateOnly } of nodes) {
    if (oneIsolateOnly === undefined) continue
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `operator '${name}' cannot run on threads: ${oneIsolateOnly}; set 'execution.target' to ` +
        "'in-process'",
    )
  }
}

function originsOf(node: Transformation): readonly Origin[] {
  const { body } = node
  switch (body.kind) {
    case 'union':
      return node.inputs.flatMap(originsOf)
    case 'partition':
      return node.inputs.flatMap((input) =>
        originsOf(input).map((origin) => ({ ...origin, partitioning: body.partitioning })),
      )
    case 'side-output':
      return node.inputs.flatMap((input) =>
        originsOf(input).map((origin) => ({ ...origin, tagId: body.tagId })),
      )
    default:
      return [{ node, partitioning: undefined, tagId: undefined }]
  }
}

function checkForward(
  partitioning: Partitioning,
  source: Transformation,
  target: Transformation,
  parallelismOf: ReadonlyMap<number, number>,
): Partitioning {
  const from = parallelismOf.get(source.id)
  const to = parallelismOf.get(target.id)
  if (partitioning.kind === 'forward' && from !== to) {
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `forward() from '${source.name}' (parallelism ${from}) to '${target.name}' (parallelism ${to}) ` +
        'needs equal parallelism; use rebalance() or rescale(), or make them equal',
    )
  }
  return partitioning
}

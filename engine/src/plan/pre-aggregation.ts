import type { RecordErrorPolicy } from '../operator/record-error-policy.ts'
import { operatorIdAhead } from './operator-id.ts'
import type { Partitioning } from './partitioning.ts'
import type { StreamEdge, StreamGraph, StreamNode } from './stream-graph.ts'
import type { PreAggregation, Transformation } from './transformation.ts'

/** Where records are folded ahead of an exchange although the program does not say so. */
export type PreAggregationMode =
  /** Where they would cross threads. */
  | 'auto'
  /** Wherever it can be done. */
  | 'always'
  | 'never'

/** The settings of a job that decide whether anything is folded ahead of exchanges. */
export interface PreAggregationSettings {
  readonly preAggregation: PreAggregationMode
  /** Where the tasks run; in one isolate all are where the program is. */
  readonly target: 'in-process' | 'threads'
  readonly recordErrorPolicy: RecordErrorPolicy
}

/**
 * Puts a first phase ahead of the keyed exchanges whose operators say how: it folds the records of
 * a key where they are, so that few cross. Nothing else of the graph changes, least of all the
 * addresses of state: a snapshot that was taken without can be gone on from with, and the other way
 * round.
 *
 * Not in BATCH, where operators want their records sorted by key; not where records that fail are
 * skipped, as it would be told of another operator; and not where the first phase would be a task
 * of its own, which costs an exchange to save another.
 *
 * @param program the transformations of the nodes
 */
export function withPreAggregation(
  graph: StreamGraph,
  program: readonly Transformation[],
  settings: PreAggregationSettings,
): StreamGraph {
  if (!mayPreAggregate(graph, settings)) return graph
  const offers = new Map(program.map(({ id, preAggregation }) => [id, preAggregation]))
  const nodeOf = new Map(graph.nodes.map((node) => [node.id, node]))
  const nodes: StreamNode[] = []
  const replaced = new Map<StreamEdge, readonly StreamEdge[]>()
  let nextId = Math.max(...nodeOf.keys()) + 1
  for (const node of graph.nodes) {
    const inputs = graph.edges.filter((edge) => edge.target === node.id)
    const isWanted = settings.preAggregation === 'always' || node.parallelism > 1
    const areReady = inputs.every((edge) => isFoldable(edge, nodeOf.get(edge.source)))
    const phases = isWanted && areReady ? offers.get(node.id)?.() : undefined
    if (phases === undefined) {
      nodes.push(node)
      continue
    }
    inputs.forEach((edge, index) => {
      const source = nodeOf.get(edge.source) as StreamNode
      const local = localNode(nextId++, phases, node, { source, index })
      nodes.push(local)
      replaced.set(edge, edgesThrough(local, edge, phases))
    })
    nodes.push(globalNode(node, phases))
  }
  const edges = graph.edges.flatMap((edge) => replaced.get(edge) ?? [edge])
  return { ...graph, nodes, edges }
}

function mayPreAggregate(graph: StreamGraph, settings: PreAggregationSettings): boolean {
  const { preAggregation, target, recordErrorPolicy } = settings
  if (preAggregation === 'never' || graph.runtimeMode === 'BATCH') return false
  if (!graph.chainingEnabled || recordErrorPolicy !== 'fail') return false
  return preAggregation === 'always' || target === 'threads'
}

/** Whether an edge is a keyed exchange, and its sender takes another operator into its chain. */
function isFoldable({ partitioning }: StreamEdge, source: StreamNode | undefined): boolean {
  return partitioning.kind === 'hash' && source?.chaining !== 'never'
}

/** The first phase ahead of one input of an operator: chained to where the records come from. */
function localNode(
  id: number,
  { name, local }: PreAggregation,
  global: StreamNode,
  { source, index }: { readonly source: StreamNode; readonly index: number },
): StreamNode {
  return Object.freeze({
    id,
    name,
    description: `folds records ahead of the exchange to '${global.name}' (pipeline.pre-aggregation)`,
    body: { kind: 'one-input', factory: local } as const,
    keyed: undefined,
    parallelism: source.parallelism,
    maxParallelism: source.maxParallelism,
    slotSharingGroup: source.slotSharingGroup,
    chaining: 'always',
    place: source.place,
    uid: undefined,
    operatorId: operatorIdAhead(global.operatorId, index),
    isAddedByPlan: true,
  } as const)
}

function globalNode(node: StreamNode, { global, keySelector }: PreAggregation): StreamNode {
  const body = { kind: 'one-input', factory: global } as const
  const keyed = node.keyed && { ...node.keyed, keySelector }
  return Object.freeze({ ...node, body, keyed })
}

function edgesThrough(
  { id }: StreamNode,
  edge: StreamEdge,
  { keySelector }: PreAggregation,
): readonly StreamEdge[] {
  const byKey: Partitioning = { kind: 'hash', keySelector }
  return [
    { ...edge, target: id, partitioning: { kind: 'forward' } },
    { ...edge, source: id, partitioning: byKey, tagId: undefined },
  ]
}

import type { StreamEdge, StreamGraph, StreamNode } from './stream-graph.ts'

/** Which operators run in one task. */
export interface Chains {
  /** For every node the head of its chain (itself if it is one). */
  readonly headOf: ReadonlyMap<number, number>
  /** The edges inside chains. */
  readonly chained: ReadonlySet<StreamEdge>
}

/**
 * Finds the operator chains of a graph. An operator joins the chain of its only input if the edge
 * is `forward`, both have the same parallelism, max parallelism, slot sharing group and place, and
 * neither forbids it. In BATCH a keyed operator always heads a chain: its input is sorted where it
 * comes in.
 */
export function generateChains(graph: StreamGraph): Chains {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const headOf = new Map<number, number>()
  const chained = new Set<StreamEdge>()
  for (const node of graph.nodes) {
    const inputs = graph.edges.filter((edge) => edge.target === node.id)
    const only = inputs.length === 1 ? inputs[0] : undefined
    const upstream = only === undefined ? undefined : nodes.get(only.source)
    if (
      graph.chainingEnabled &&
      only !== undefined &&
      upstream !== undefined &&
      isChainable(upstream, only, node) &&
      !(graph.runtimeMode === 'BATCH' && node.keyed !== undefined)
    ) {
      chained.add(only)
      headOf.set(node.id, headOf.get(upstream.id) ?? upstream.id)
    } else {
      headOf.set(node.id, node.id)
    }
  }
  return { headOf, chained }
}

function isChainable(upstream: StreamNode, edge: StreamEdge, node: StreamNode): boolean {
  return (
    edge.partitioning.kind === 'forward' &&
    node.body.kind !== 'two-input' &&
    node.chaining === 'always' &&
    upstream.chaining !== 'never' &&
    upstream.parallelism === node.parallelism &&
    upstream.maxParallelism === node.maxParallelism &&
    upstream.slotSharingGroup === node.slotSharingGroup &&
    upstream.place === node.place
  )
}

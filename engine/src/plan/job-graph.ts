import { generateChains } from './chaining.ts'
import {
  type ExchangeKind,
  type PipelinedRegion,
  pipelinedRegions,
  wholeJob,
} from './pipelined-regions.ts'
import type { ResolvedRuntimeMode } from './runtime-mode.ts'
import type { StreamEdge, StreamGraph, StreamNode } from './stream-graph.ts'

/** An operator chain with its parallelism: what one task runs. */
export interface JobVertex {
  /** The operator id of the chain's head. */
  readonly id: string
  /** Names of the operators, `head -> next -> last`. */
  readonly name: string
  /** The operators of the chain, head first, every operator behind the one that feeds it. */
  readonly operators: readonly StreamNode[]
  /** Edges inside the chain. */
  readonly chainedEdges: readonly StreamEdge[]
  /** Edges that come from other vertices, all into the head. */
  readonly inputs: readonly JobEdge[]
  /** Edges that lead to other vertices. */
  readonly outputs: readonly JobEdge[]
  readonly parallelism: number
  readonly maxParallelism: number
  readonly slotSharingGroup: string
}

/** An edge between two job vertices: an exchange. */
export interface JobEdge {
  /** Number of the edge in the graph. */
  readonly id: number
  readonly sourceVertex: string
  readonly targetVertex: string
  readonly edge: StreamEdge
  readonly exchange: ExchangeKind
}

/** The graph that is submitted: vertices in topological order. */
export interface JobGraph {
  readonly jobName: string
  readonly runtimeMode: ResolvedRuntimeMode
  readonly vertices: readonly JobVertex[]
  readonly edges: readonly JobEdge[]
  /** What runs at the same time: one region with all vertices in STREAMING. */
  readonly regions: readonly PipelinedRegion[]
  /** Slots the job needs: of its largest region, per slot sharing group the highest parallelism. */
  readonly requiredSlots: number
}

/** True if no vertex sends to this one while it runs: its checkpoints are triggered here. */
export function beginsRegion({ inputs }: JobVertex): boolean {
  return inputs.every(({ exchange }) => exchange === 'BLOCKING')
}

/** Chains the operators of a StreamGraph into job vertices. */
export function generateJobGraph(graph: StreamGraph): JobGraph {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]))
  const { headOf, chained } = generateChains(graph)
  const headNode = (id: number): StreamNode => nodes.get(headOf.get(id) ?? id) as StreamNode
  const edges: JobEdge[] = graph.edges
    .filter((edge) => !chained.has(edge))
    .map((edge, id) => ({
      id,
      sourceVertex: headNode(edge.source).operatorId,
      targetVertex: headNode(edge.target).operatorId,
      edge,
      exchange: graph.blockingExchanges ? 'BLOCKING' : 'PIPELINED',
    }))
  const vertices = graph.nodes
    .filter((node) => headOf.get(node.id) === node.id)
    .map((head) => vertexOf(head, graph, headOf, chained, edges))
  const isBatch = graph.runtimeMode === 'BATCH'
  const regions = isBatch ? pipelinedRegions(vertices, edges) : [wholeJob(vertices, edges)]
  return {
    jobName: graph.jobName,
    runtimeMode: graph.runtimeMode,
    vertices,
    edges,
    regions,
    requiredSlots: Math.max(...regions.map((region) => slotsOf(vertices, region))),
  }
}

function vertexOf(
  head: StreamNode,
  graph: StreamGraph,
  headOf: ReadonlyMap<number, number>,
  chained: ReadonlySet<StreamEdge>,
  edges: readonly JobEdge[],
): JobVertex {
  const operators = graph.nodes.filter((node) => headOf.get(node.id) === head.id)
  return Object.freeze({
    id: head.operatorId,
    name: operators.map((node) => node.name).join(' -> '),
    operators,
    chainedEdges: [...chained].filter((edge) => headOf.get(edge.target) === head.id),
    inputs: edges.filter((edge) => edge.targetVertex === head.operatorId),
    outputs: edges.filter((edge) => edge.sourceVertex === head.operatorId),
    parallelism: head.parallelism,
    maxParallelism: head.maxParallelism,
    slotSharingGroup: head.slotSharingGroup,
  })
}

function slotsOf(vertices: readonly JobVertex[], region: PipelinedRegion): number {
  const perGroup = new Map<string, number>()
  for (const { id, slotSharingGroup, parallelism } of vertices) {
    if (!region.vertices.includes(id)) continue
    perGroup.set(slotSharingGroup, Math.max(perGroup.get(slotSharingGroup) ?? 0, parallelism))
  }
  return [...perGroup.values()].reduce((sum, slots) => sum + slots, 0)
}

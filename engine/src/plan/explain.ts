import type { JobGraph } from './job-graph.ts'
import type { ExchangeKind } from './pipelined-regions.ts'
import type { ResolvedRuntimeMode } from './runtime-mode.ts'
import type { StreamGraph } from './stream-graph.ts'

/** The plan of a job as plain JSON: both graphs, without code. */
export interface ExplainedPlan {
  readonly job: string
  readonly runtimeMode: ResolvedRuntimeMode
  readonly requiredSlots: number
  readonly operators: readonly {
    readonly id: string
    readonly uid: string | null
    readonly name: string
    readonly description: string | null
    readonly kind: string
    readonly keyed: boolean
    readonly parallelism: number
    readonly maxParallelism: number
    readonly slotSharingGroup: string
    readonly inputs: readonly {
      readonly from: string
      readonly shipStrategy: string
      readonly input: number
      readonly sideOutput: string | null
    }[]
  }[]
  readonly vertices: readonly {
    readonly id: string
    readonly name: string
    readonly parallelism: number
    readonly operators: readonly string[]
    readonly inputs: readonly {
      readonly from: string
      readonly shipStrategy: string
      readonly exchange: ExchangeKind
    }[]
  }[]
}

/** Describes a job as JSON: for tools, tests and the REST API. */
export function explainAsJson(streamGraph: StreamGraph, jobGraph: JobGraph): ExplainedPlan {
  const idOf = new Map(streamGraph.nodes.map((node) => [node.id, node.operatorId]))
  return {
    job: streamGraph.jobName,
    runtimeMode: jobGraph.runtimeMode,
    requiredSlots: jobGraph.requiredSlots,
    operators: streamGraph.nodes.map((node) => ({
      id: node.operatorId,
      uid: node.uid ?? null,
      name: node.name,
      description: node.description ?? null,
      kind: node.body.kind,
      keyed: node.keyed !== undefined,
      parallelism: node.parallelism,
      maxParallelism: node.maxParallelism,
      slotSharingGroup: node.slotSharingGroup,
      inputs: streamGraph.edges
        .filter((edge) => edge.target === node.id)
        .map((edge) => ({
          from: idOf.get(edge.source) ?? '',
          shipStrategy: edge.partitioning.kind.toUpperCase(),
          input: edge.inputIndex,
          sideOutput: edge.tagId ?? null,
        })),
    })),
    vertices: jobGraph.vertices.map((vertex) => ({
      id: vertex.id,
      name: vertex.name,
      parallelism: vertex.parallelism,
      operators: vertex.operators.map((operator) => operator.operatorId),
      inputs: vertex.inputs.map((input) => ({
        from: input.sourceVertex,
        shipStrategy: input.edge.partitioning.kind.toUpperCase(),
        exchange: input.exchange,
      })),
    })),
  }
}

/** Describes a job as text for people: one line per vertex, with its inputs and what was added. */
export function explainAsText(jobGraph: JobGraph): string {
  const nameOf = new Map(jobGraph.vertices.map((vertex) => [vertex.id, vertex.name]))
  const lines = [
    `Job '${jobGraph.jobName}' in ${jobGraph.runtimeMode} mode: ` +
      `${jobGraph.vertices.length} job vertices, ${jobGraph.requiredSlots} slots`,
  ]
  for (const vertex of jobGraph.vertices) {
    lines.push(`  [${vertex.parallelism}] ${vertex.name}`)
    for (const { name, description, isAddedByPlan } of vertex.operators) {
      if (isAddedByPlan) lines.push(`      ${name}: ${description}`)
    }
    for (const { sourceVertex, edge, exchange } of vertex.inputs) {
      const tag = edge.tagId === undefined ? '' : ` (side output '${edge.tagId}')`
      const blocking = exchange === 'BLOCKING' ? ' (blocking)' : ''
      const strategy = edge.partitioning.kind.toUpperCase() + blocking
      lines.push(`      <- ${strategy} from ${nameOf.get(sourceVertex) ?? sourceVertex}${tag}`)
    }
  }
  return lines.join('\n')
}

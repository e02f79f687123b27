import type { JobGraph } from '../../../plan/job-graph.ts'

/**
 * What has to be equal for two threads to run parts of one job: its vertices, operators and edges,
 * as far as they are no code.
 */
export function planSignature(graph: JobGraph): string {
  const vertices = graph.vertices.map((vertex) => {
    const operators = vertex.operators.map(({ operatorId, name, place }) => [
      operatorId,
      name,
      place,
    ])
    return [
      vertex.id,
      vertex.parallelism,
      vertex.maxParallelism,
      vertex.slotSharingGroup,
      operators,
    ]
  })
  const edges = graph.edges.map(({ id, sourceVertex, targetVertex, edge }) => [
    id,
    sourceVertex,
    targetVertex,
    edge.inputIndex,
    edge.partitioning.kind,
    edge.tagId ?? null,
  ])
  return JSON.stringify([graph.jobName, vertices, edges])
}

import type { JobGraph } from '../../../plan/job-graph.ts'

/**
 * What has to be equal for two threads to run parts of one job: its name, vertices and edges, as
 * far as they are no code. Each part is a text.
 */
export function planSignature(graph: JobGraph): readonly string[] {
  const vertices = graph.vertices.map((vertex) => {
    const { name, parallelism, maxParallelism, slotSharingGroup } = vertex
    const ids = vertex.operators.map(({ operatorId, place }) => `${operatorId} (${place})`)
    return (
      `vertex '${name}' with parallelism ${parallelism} of ${maxParallelism}, slot sharing group ` +
      `'${slotSharingGroup}', operators ${ids.join(', ')}`
    )
  })
  const edges = graph.edges.map(({ id, sourceVertex, targetVertex, edge }) => {
    const tag = edge.tagId === undefined ? '' : `, side output '${edge.tagId}'`
    const { kind } = edge.partitioning
    return `edge ${id} from ${sourceVertex} to input ${edge.inputIndex} of ${targetVertex}, ${kind}${tag}`
  })
  return [`job '${graph.jobName}'`, ...vertices, ...edges]
}

/** The first part in which two plans differ, of both; undefined if they are equal. */
export function planDifference(
  here: readonly string[],
  there: readonly string[],
): { readonly here: string; readonly there: string } | undefined {
  for (let part = 0; part < Math.max(here.length, there.length); part++) {
    const [own = 'nothing more', other = 'nothing more'] = [here[part], there[part]]
    if (own !== other) return { here: own, there: other }
  }
  return undefined
}

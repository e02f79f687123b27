/** How records cross an edge between two vertices. */
export type ExchangeKind =
  /** While both run. */
  | 'PIPELINED'
  /** The sender ends first; what it sent is kept until the receiver has finished. */
  | 'BLOCKING'

/** A vertex and an edge, as far as regions depend on them. */
type Vertex = { readonly id: string }
type Edge = {
  readonly id: number
  readonly sourceVertex: string
  readonly targetVertex: string
  readonly exchange: ExchangeKind
}

/**
 * Job vertices that run at the same time, since records pass between them while they run. What
 * comes in from other regions is there, complete, before they start. The unit of scheduling and of
 * restarts.
 */
export interface PipelinedRegion {
  /** Ids of the vertices, in topological order. */
  readonly vertices: readonly string[]
  /** Ids of the edges that lead into the region's vertices, from within or from other regions. */
  readonly inputs: readonly number[]
  /** Positions of the regions that this one reads from, in the list of all. */
  readonly readsFrom: readonly number[]
}

/** Parts a job into regions: what hangs together by pipelined edges. */
export function pipelinedRegions(
  vertices: readonly Vertex[],
  edges: readonly Edge[],
): readonly PipelinedRegion[] {
  const groups = new Map(vertices.map(({ id }) => [id, new Set([id])]))
  for (const { exchange, sourceVertex, targetVertex } of edges) {
    if (exchange === 'BLOCKING') continue
    const joined = groups.get(sourceVertex) as Set<string>
    for (const id of groups.get(targetVertex) as Set<string>) {
      joined.add(id)
      groups.set(id, joined)
    }
  }
  const distinct = [...new Set(groups.values())]
  const indexOf = (id: string): number => distinct.indexOf(groups.get(id) as Set<string>)
  return distinct.map((group, index) => {
    const inputs = edges.filter(({ targetVertex }) => group.has(targetVertex))
    const sources = inputs.map(({ sourceVertex }) => indexOf(sourceVertex))
    return {
      vertices: vertices.map(({ id }) => id).filter((id) => group.has(id)),
      inputs: inputs.map(({ id }) => id),
      readsFrom: [...new Set(sources)].filter((source) => source !== index),
    }
  })
}

/** The region of a job that runs as a whole: all of it. */
export function wholeJob(vertices: readonly Vertex[], edges: readonly Edge[]): PipelinedRegion {
  return {
    vertices: vertices.map(({ id }) => id),
    inputs: edges.map(({ id }) => id),
    readsFrom: [],
  }
}

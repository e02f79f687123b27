import type { JobGraph, JobVertex } from '../../../plan/job-graph.ts'

/** Where a task runs: the number of a slot, or the program that submitted the job. */
export type Place = number | 'client'

/** The slots of a job, a thread each, and which task runs in which. */
export interface Placement {
  readonly slotCount: number
  placeOf(vertex: JobVertex, subtaskIndex: number): Place
}

/**
 * Places subtask i of every vertex of a slot sharing group in slot i of the group, so that whatever
 * is connected one to one stays in one thread.
 */
export function placeTasks(graph: JobGraph): Placement {
  const firstSlot = new Map<string, number>()
  let slotCount = 0
  for (const group of new Set(graph.vertices.map((vertex) => vertex.slotSharingGroup))) {
    firstSlot.set(group, slotCount)
    const vertices = graph.vertices.filter(
      (vertex) => vertex.slotSharingGroup === group && !runsInClient(vertex),
    )
    slotCount += Math.max(0, ...vertices.map(({ parallelism }) => parallelism))
  }
  return {
    slotCount,
    placeOf: (vertex, subtaskIndex) =>
      runsInClient(vertex)
        ? 'client'
        : (firstSlot.get(vertex.slotSharingGroup) as number) + subtaskIndex,
  }
}

function runsInClient(vertex: JobVertex): boolean {
  return vertex.operators[0]?.place === 'client'
}

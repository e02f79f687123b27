import type { JobGraph, JobVertex } from '../../../plan/job-graph.ts'
import { connectedSubtasks } from '../../../runtime/network/channel-selector.ts'
import { createRing } from '../../../runtime/network/ring/shared-ring.ts'
import { channelKey, type ExecutionId, type RingLocation } from '../../../runtime/rpc/gateways.ts'
import type { Place, Placement } from './placement.ts'

/**
 * The rings between the tasks of one execution attempt that run in different threads. Each attempt
 * has rings of its own: what a task of a former attempt still writes reaches nobody.
 */
export class SharedRings {
  readonly #graph: JobGraph
  readonly #placement: Placement
  readonly #ringBytes: number
  readonly #bells = new Map<Place, SharedArrayBuffer>()
  readonly #rings = new Map<string, SharedArrayBuffer>()
  #attempt = 0

  constructor(graph: JobGraph, placement: Placement, ringBytes: number) {
    this.#graph = graph
    this.#placement = placement
    this.#ringBytes = ringBytes
  }

  /** The word that wakes a thread; it stays the same over all attempts. */
  bellOf(place: Place): SharedArrayBuffer {
    let bell = this.#bells.get(place)
    if (bell === undefined) {
      bell = new SharedArrayBuffer(4)
      this.#bells.set(place, bell)
    }
    return bell
  }

  /** The rings that a task reads from and writes to, by channel. */
  ringsOf(id: ExecutionId, vertex: JobVertex): ReadonlyMap<string, RingLocation> {
    if (id.attempt !== this.#attempt) {
      this.#attempt = id.attempt
      this.#rings.clear()
    }
    const own = this.#placement.placeOf(vertex, id.subtaskIndex)
    const rings = new Map<string, RingLocation>()
    const add = (key: string, peer: Place): void => {
      if (peer !== own) rings.set(key, { ring: this.#ring(key), peerBell: this.bellOf(peer) })
    }
    for (const edge of vertex.outputs) {
      const target = this.#vertex(edge.targetVertex)
      for (const subtask of connectedSubtasks(
        edge.edge.partitioning,
        id.subtaskIndex,
        vertex.parallelism,
        target.parallelism,
      )) {
        const key = channelKey(edge.id, id.subtaskIndex, subtask)
        add(key, this.#placement.placeOf(target, subtask))
      }
    }
    for (const edge of vertex.inputs) {
      const source = this.#vertex(edge.sourceVertex)
      for (let subtask = 0; subtask < source.parallelism; subtask++) {
        const reached = connectedSubtasks(
          edge.edge.partitioning,
          subtask,
          source.parallelism,
          vertex.parallelism,
        )
        if (!reached.includes(id.subtaskIndex)) continue
        const key = channelKey(edge.id, subtask, id.subtaskIndex)
        add(key, this.#placement.placeOf(source, subtask))
      }
    }
    return rings
  }

  #ring(key: string): SharedArrayBuffer {
    let ring = this.#rings.get(key)
    if (ring === undefined) {
      ring = createRing(this.#ringBytes)
      this.#rings.set(key, ring)
    }
    return ring
  }

  #vertex(id: string): JobVertex {
    return this.#graph.vertices.find((vertex) => vertex.id === id) as JobVertex
  }
}

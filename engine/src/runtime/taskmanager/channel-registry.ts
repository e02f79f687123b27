import type { JobEdge } from '../../plan/job-graph.ts'
import { BlockingChannel } from '../network/blocking-channel.ts'
import { type Channel, LocalChannel } from '../network/channel.ts'

/** The channels of one edge by their ends, and for those in a pipeline the execution attempt. */
type EdgeChannels = Map<string, Channel>

/** One end of a channel, as the task there asks for it. */
export interface ChannelPlace {
  readonly edge: JobEdge
  readonly sourceSubtask: number
  readonly targetSubtask: number
  /** The execution attempt of the task that asks. */
  readonly attempt: number
}

/**
 * The channels between the tasks of a job in this isolate. A pipelined channel belongs to one
 * execution attempt, and whichever end comes first makes it. A blocking one outlives its sender,
 * which may run in other attempts than its receiver.
 */
export class ChannelRegistry {
  readonly #edges = new Map<number, EdgeChannels>()
  readonly #capacity: number

  /** @param capacity record batches per pipelined channel */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  /** @param hasEnded true if the sender has sent all in an attempt before, and only ends again */
  toSendTo(place: ChannelPlace, hasEnded: boolean): Channel {
    const channel = this.#channel(place)
    if (channel instanceof BlockingChannel && !hasEnded) channel.restart()
    return channel
  }

  toReadFrom(place: ChannelPlace): Channel {
    const channel = this.#channel(place)
    if (channel instanceof BlockingChannel) channel.rewind()
    return channel
  }

  /** Forgets the pipelined channels of an edge from attempts before `attempt`. */
  releaseBefore({ edge, attempt }: Pick<ChannelPlace, 'edge' | 'attempt'>): void {
    if (edge.exchange === 'BLOCKING') return
    const channels = this.#edges.get(edge.id)
    for (const key of channels?.keys() ?? []) {
      if (Number(key.slice(0, key.indexOf('|'))) < attempt) channels?.delete(key)
    }
  }

  /** Forgets the channels of these edges: who reads from them has finished, or the job is over. */
  release(edgeIds: readonly number[]): void {
    for (const id of edgeIds) this.#edges.delete(id)
  }

  #channel({ edge, sourceSubtask, targetSubtask, attempt }: ChannelPlace): Channel {
    const isBlocking = edge.exchange === 'BLOCKING'
    const key = `${isBlocking ? '' : attempt}|${sourceSubtask}|${targetSubtask}`
    let channels = this.#edges.get(edge.id)
    if (channels === undefined) {
      channels = new Map()
      this.#edges.set(edge.id, channels)
    }
    let channel = channels.get(key)
    if (channel === undefined) {
      channel = isBlocking ? new BlockingChannel() : new LocalChannel(this.#capacity)
      channels.set(key, channel)
    }
    return channel
  }
}

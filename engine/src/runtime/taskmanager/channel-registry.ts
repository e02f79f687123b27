import type { JobEdge } from '../../plan/job-graph.ts'
import { type Channel, LocalChannel } from '../network/channel.ts'

/**
 * The channels between the tasks of one execution attempt of a job in this isolate. Whichever end
 * comes first makes the channel.
 */
export class ChannelRegistry {
  readonly #channels = new Map<string, Channel>()
  readonly #capacity: number

  /** @param capacity record batches per channel */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  channel(attempt: number, edge: JobEdge, sourceSubtask: number, targetSubtask: number): Channel {
    const key = `${attempt}|${edge.id}|${sourceSubtask}|${targetSubtask}`
    let channel = this.#channels.get(key)
    if (channel === undefined) {
      channel = new LocalChannel(this.#capacity)
      this.#channels.set(key, channel)
    }
    return channel
  }

  /** Forgets the channels of attempts before `attempt`. */
  release(attempt: number): void {
    for (const key of this.#channels.keys()) {
      if (Number(key.slice(0, key.indexOf('|'))) < attempt) this.#channels.delete(key)
    }
  }
}

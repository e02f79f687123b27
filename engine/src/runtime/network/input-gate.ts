import type { RecordBatch } from '../../core/record-batch.ts'
import type { StreamElement } from '../../core/stream-element.ts'
import type { ChannelReceiver } from './channel.ts'

/** A channel as its receiver sees it: which input of the task's first operator it feeds. */
export interface InputChannel {
  readonly channel: ChannelReceiver
  readonly inputIndex: 0 | 1
}

/**
 * The receiving end of all channels of a task. Takes elements from the channels in turn, so that no
 * channel starves, and leaves out the blocked ones.
 */
export class InputGate {
  readonly #channels: readonly InputChannel[]
  readonly #blocked: boolean[]
  #next = 0
  /** Index of the channel that {@link InputGate.poll} took its last element from. */
  lastChannel = 0

  constructor(channels: readonly InputChannel[]) {
    this.#channels = channels
    this.#blocked = channels.map(() => false)
  }

  get channelCount(): number {
    return this.#channels.length
  }

  inputIndexOf(channel: number): 0 | 1 {
    return this.#channels[channel]?.inputIndex ?? 0
  }

  onReadable(notify: () => void): void {
    for (const { channel } of this.#channels) channel.onReadable(notify)
  }

  /** The next element of a channel that is not blocked; undefined if there is none. */
  poll(): StreamElement | undefined {
    const count = this.#channels.length
    for (let step = 0; step < count; step++) {
      const index = this.#next
      this.#next = index + 1 === count ? 0 : index + 1
      if (this.#blocked[index]) continue
      const element = this.#channels[index]?.channel.poll()
      if (element === undefined) continue
      this.lastChannel = index
      return element
    }
    return undefined
  }

  /** Gives the batch that {@link InputGate.poll} took last back to its channel. */
  recycle(batch: RecordBatch): void {
    this.#channels[this.lastChannel]?.channel.recycle(batch)
  }

  /**
   * Leaves a channel alone until {@link InputGate.unblockAll}: its barrier came, others' did not.
   */
  block(channel: number): void {
    this.#blocked[channel] = true
  }

  unblockAll(): void {
    this.#blocked.fill(false)
  }
}

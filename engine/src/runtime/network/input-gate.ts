import type { RecordBatch } from '../../core/record-batch.ts'
import type { StreamElement } from '../../core/stream-element.ts'
import type { ChannelReceiver } from './channel.ts'
import { ChannelOrder } from './channel-order.ts'

/** How many turns in a row a channel gives to those behind it; the next is its own. */
export const TURNS_GIVEN_MAX = 7

/** A channel as its receiver sees it: which input of the task's first operator it feeds. */
export interface InputChannel {
  readonly channel: ChannelReceiver
  readonly inputIndex: 0 | 1
}

/**
 * The receiving end of all channels of a task. The channels have turns; blocked ones are left out.
 * A channel with a place in event time gives its turn to the one that is farthest behind, so that
 * the state of joins and windows, and the timers, do not grow by what came long before the other
 * input got there. The senders of what is ahead are held back by their channels, which fill.
 *
 * It never waits for a channel that has nothing: what is ahead is read if nothing else is there, so
 * the order among channels cannot make tasks wait for each other. Nor does a channel starve: those
 * without a place keep their turns, and the others give away seven in a row at most. Channels that
 * go forward side by side are read in their order before that, so that none jumps ahead of it.
 */
export class InputGate {
  readonly #channels: readonly InputChannel[]
  readonly #blocked: boolean[]
  readonly #order: ChannelOrder
  /** How many turns each channel has given to others since it was read. */
  readonly #turnsGiven: number[]
  /** Whose turn it was. */
  #last = -1
  /** Index of the channel that {@link InputGate.poll} took its last element from. */
  lastChannel = 0

  constructor(channels: readonly InputChannel[]) {
    this.#channels = channels
    this.#blocked = channels.map(() => false)
    this.#order = new ChannelOrder(channels.map(({ inputIndex }) => inputIndex))
    this.#turnsGiven = channels.map(() => 0)
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
    let noneBehind = false
    for (let step = 0; step < count; step++) {
      const channel = this.#nextTurn()
      if (this.#keepsTurn(channel)) {
        const element = this.#take(channel)
        if (element !== undefined) return element
      } else if (!noneBehind) {
        const element = this.#takeFromBehind()
        if (element !== undefined) {
          if (channel !== this.lastChannel) this.#turnsGiven[channel]!++
          return element
        }
        noneBehind = true
      }
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

  #nextTurn(): number {
    this.#last = this.#last + 1 < this.#channels.length ? this.#last + 1 : 0
    return this.#last
  }

  #keepsTurn(channel: number): boolean {
    if (!this.#order.hasPlace(channel)) return true
    if ((this.#turnsGiven[channel] as number) < TURNS_GIVEN_MAX) return false
    this.#turnsGiven[channel] = 0
    return true
  }

  /** Takes from the channel that is farthest behind in event time and has something. */
  #takeFromBehind(): StreamElement | undefined {
    const { behindFirst } = this.#order
    for (let i = 0; i < behindFirst.length; i++) {
      const element = this.#take(behindFirst[i] as number)
      if (element !== undefined) return element
    }
    return undefined
  }

  #take(channel: number): StreamElement | undefined {
    if (this.#blocked[channel]) return undefined
    const element = this.#channels[channel]?.channel.poll()
    if (element === undefined) return undefined
    this.lastChannel = channel
    this.#turnsGiven[channel] = 0
    this.#order.taken(channel, element)
    return element
  }
}

import { RECORD_BATCH_CAPACITY, type RecordBatch } from '../../core/record-batch.ts'
import type { ControlElement } from '../../core/stream-element.ts'
import type { ChannelSender } from './channel.ts'

/**
 * Writes the channel of each of the first `length` values into `channels`. `broadcast` has none: it
 * goes to all channels.
 */
export type ChannelSelector = (
  values: readonly unknown[],
  length: number,
  channels: Uint16Array,
) => void

/**
 * The sending end of an exchange: splits the batches of one operator into its channels.
 *
 * Hot: `addBatch` sees every record that crosses an exchange. Records are collected per channel and
 * sent when a batch is full, before a control element, and whenever the task would go idle.
 */
export class ResultPartition {
  readonly #channels: readonly ChannelSender[]
  readonly #pending: RecordBatch[]
  readonly #select: ChannelSelector
  readonly #toAll: boolean
  /** The channels of the records of the batch at hand. */
  #selected = new Uint16Array(RECORD_BATCH_CAPACITY)

  constructor(channels: readonly ChannelSender[], select: ChannelSelector, toAll: boolean) {
    this.#channels = channels
    this.#pending = channels.map((channel) => channel.emptyBatch())
    this.#select = select
    this.#toAll = toAll
  }

  /** False while one of the channels has no credit: the task must stop between batches. */
  get isAvailable(): boolean {
    for (const channel of this.#channels) if (!channel.hasCredit) return false
    return true
  }

  /** Sets who is told when a channel has credit again. */
  onAvailable(notify: () => void): void {
    for (const channel of this.#channels) channel.onWritable(notify)
  }

  /**
   * As {@link ResultPartition.addBatch}, but may take the arrays of the batch and leave others in
   * their place: with one channel, a batch that is half full or more is sent without a copy.
   */
  takeBatch(batch: RecordBatch): void {
    const pending = this.#pending[0]
    const isWorthwhile = batch.length * 2 >= RECORD_BATCH_CAPACITY
    if (this.#pending.length !== 1 || pending?.length !== 0 || !isWorthwhile) {
      this.addBatch(batch)
      return
    }
    pending.swap(batch)
    this.#send(0)
  }

  addBatch(batch: RecordBatch): void {
    const { values, timestamps, length } = batch
    const pending = this.#pending
    if (this.#toAll) {
      for (let channel = 0; channel < pending.length; channel++) this.#addAll(channel, batch)
      return
    }
    if (pending.length === 1) {
      this.#addAll(0, batch)
      return
    }
    if (length > this.#selected.length) this.#selected = new Uint16Array(length)
    const selected = this.#selected
    this.#select(values, length, selected)
    for (let i = 0; i < length; i++) {
      const channel = selected[i] as number
      const target = pending[channel] as RecordBatch
      target.values[target.length] = values[i]
      target.timestamps[target.length] = timestamps[i] as number
      target.length++
      if (target.length === RECORD_BATCH_CAPACITY) this.#send(channel)
    }
  }

  /** Sends what has been collected. */
  flush(): void {
    for (let channel = 0; channel < this.#pending.length; channel++) this.#send(channel)
  }

  /** Sends a control element to all channels, behind all records so far. */
  broadcast(element: ControlElement): void {
    this.flush()
    for (const channel of this.#channels) channel.sendControl(element)
  }

  #addAll(channel: number, batch: RecordBatch): void {
    const { values, timestamps, length } = batch
    for (let from = 0; from < length; ) {
      const target = this.#pending[channel] as RecordBatch
      const at = target.length
      const count = Math.min(length - from, RECORD_BATCH_CAPACITY - at)
      const targetValues = target.values
      for (let i = 0; i < count; i++) targetValues[at + i] = values[from + i]
      target.timestamps.set(timestamps.subarray(from, from + count), at)
      target.length = at + count
      from += count
      if (target.length === RECORD_BATCH_CAPACITY) this.#send(channel)
    }
  }

  #send(channel: number): void {
    const batch = this.#pending[channel] as RecordBatch
    if (batch.length === 0) return
    const to = this.#channels[channel] as ChannelSender
    this.#pending[channel] = to.emptyBatch()
    to.sendBatch(batch)
  }
}

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
   * their place: a batch that is half full or more and all for one channel is sent without a copy.
   */
  takeBatch(batch: RecordBatch): void {
    const { values, length } = batch
    if (this.#toAll || length * 2 < RECORD_BATCH_CAPACITY) {
      this.addBatch(batch)
      return
    }
    const selected = this.#selectedOf(values, length)
    const only = this.#pending.length === 1 ? 0 : onlyOf(selected, length)
    const pending = only === undefined ? undefined : this.#pending[only]
    if (only === undefined || pending?.length !== 0) {
      this.#addSelected(batch, selected)
      return
    }
    pending.swap(batch)
    this.#send(only)
  }

  addBatch(batch: RecordBatch): void {
    const { values, length } = batch
    if (this.#toAll) {
      for (let channel = 0; channel < this.#pending.length; channel++) this.#addAll(channel, batch)
    } else this.#addSelected(batch, this.#selectedOf(values, length))
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

  /** The channels of records; nobody asks for them where there is only one. */
  #selectedOf(values: readonly unknown[], length: number): Uint16Array {
    if (length > this.#selected.length) this.#selected = new Uint16Array(length)
    if (this.#pending.length > 1) this.#select(values, length, this.#selected)
    return this.#selected
  }

  #addSelected(batch: RecordBatch, selected: Uint16Array): void {
    const pending = this.#pending
    if (pending.length === 1) {
      this.#addAll(0, batch)
      return
    }
    const { values, timestamps, length } = batch
    for (let i = 0; i < length; i++) {
      const channel = selected[i] as number
      const target = pending[channel] as RecordBatch
      target.values[target.length] = values[i]
      target.timestamps[target.length] = timestamps[i] as number
      target.length++
      if (target.length === RECORD_BATCH_CAPACITY) this.#send(channel)
    }
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

/** The channel of all records, if there is such a one. */
function onlyOf(channels: Uint16Array, length: number): number | undefined {
  const first = channels[0]
  for (let i = 1; i < length; i++) if (channels[i] !== first) return undefined
  return first
}

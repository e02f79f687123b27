import { RingBuffer } from '../../base/ring-buffer.ts'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import type { ControlElement, StreamElement } from '../../core/stream-element.ts'

/**
 * The sending end of a channel.
 *
 * Each free place is a credit of the receiver. A sender looks at {@link ChannelSender.hasCredit}
 * between batches and stops while there is none; a batch in hand may always finish, so a channel
 * can be over its bound by what one batch expands into. Control elements need no credit.
 */
export interface ChannelSender {
  /** False while the receiver has no room for further batches. */
  readonly hasCredit: boolean
  /** A batch for the sender to fill: new, or one that the receiver is done with. */
  emptyBatch(): RecordBatch
  /** Hands over a batch; the sender must not touch it any more. */
  sendBatch(batch: RecordBatch): void
  sendControl(element: ControlElement): void
  /** Sets who is told when a channel without credit has some again. */
  onWritable(notify: () => void): void
}

/** The receiving end of a channel. */
export interface ChannelReceiver {
  /** Takes the oldest element; undefined if there is none. */
  poll(): StreamElement | undefined
  /** Takes back a batch of {@link ChannelReceiver.poll} that was processed, to be filled again. */
  recycle(batch: RecordBatch): void
  /** Sets who is told when the first element arrives in an empty channel. */
  onReadable(notify: () => void): void
}

/** The ordered path from one sending subtask to one receiving subtask of the same isolate. */
export interface Channel extends ChannelSender, ChannelReceiver {
  /** How many elements wait to be taken. */
  readonly queued: number
}

/**
 * A channel inside one isolate: elements are passed by reference.
 *
 * ```ts
 * const channel = new LocalChannel(1)
 * channel.sendBatch(RecordBatch.of(['tea']))
 * channel.hasCredit // => false
 * channel.poll()?.kind // => 'records'
 * channel.hasCredit // => true
 * ```
 */
export class LocalChannel implements Channel {
  readonly #queue = new RingBuffer<StreamElement>()
  readonly #capacity: number
  readonly #recycled: RecordBatch[] = []
  #batches = 0
  #readable: () => void = ignore
  #writable: () => void = ignore

  /** @param capacity how many batches the channel holds before its sender is stopped */
  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get hasCredit(): boolean {
    return this.#batches < this.#capacity
  }

  get queued(): number {
    return this.#queue.length
  }

  emptyBatch(): RecordBatch {
    return this.#recycled.pop() ?? new RecordBatch()
  }

  sendBatch(batch: RecordBatch): void {
    this.#batches++
    this.#send(batch)
  }

  sendControl(element: ControlElement): void {
    this.#send(element)
  }

  poll(): StreamElement | undefined {
    const element = this.#queue.shift()
    if (element?.kind === 'records') {
      this.#batches--
      if (this.#batches === this.#capacity - 1) this.#writable()
    }
    return element
  }

  recycle(batch: RecordBatch): void {
    // Hot loops fill a batch up to the capacity without looking at its arrays.
    const isUsable = batch.timestamps.length === RECORD_BATCH_CAPACITY
    if (!isUsable || this.#recycled.length >= this.#capacity) return
    batch.clear()
    this.#recycled.push(batch)
  }

  onReadable(notify: () => void): void {
    this.#readable = notify
  }

  onWritable(notify: () => void): void {
    this.#writable = notify
  }

  #send(element: StreamElement): void {
    this.#queue.push(element)
    if (this.#queue.length === 1) this.#readable()
  }
}

function ignore(): void {}

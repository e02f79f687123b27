import { RingBuffer } from '../../../base/ring-buffer.ts'
import { RecordBatch } from '../../../core/record-batch.ts'
import type { ControlElement } from '../../../core/stream-element.ts'
import { BatchEncoder } from '../../../types/columns/batch-encoder.ts'
import type { ChannelSender } from '../channel.ts'
import { encodeControl } from './control-frame.ts'
import type { RingWaiter } from './doorbell.ts'
import { PeerBell } from './peer-bell.ts'
import type { RingChannelEnd } from './ring-channel.ts'
import { FrameKind, RingWriter } from './shared-ring.ts'

/** A sender stops when less than this share of its ring is free. */
const MIN_FREE_SHARE = 1 / 4

interface WaitingFrame {
  readonly kind: FrameKind
  readonly payload: Uint8Array
}

/**
 * The sending end of a channel to another thread: encodes batches as frames of columns into a ring.
 * Free bytes are the credit. A batch in hand may always finish: what does not fit waits here.
 */
export class RingSender implements ChannelSender, RingWaiter {
  readonly #writer: RingWriter
  readonly #end: RingChannelEnd
  readonly #encoder: BatchEncoder
  readonly #bell: PeerBell
  readonly #minFreeBytes: number
  readonly #waitingFrames = new RingBuffer<WaitingFrame>()
  #recycled: RecordBatch | undefined
  #isWaiting = false
  #writable: () => void = () => {}

  constructor(end: RingChannelEnd) {
    this.#end = end
    this.#writer = new RingWriter(end.ring)
    this.#encoder = new BatchEncoder(end.text, end.registry)
    this.#bell = new PeerBell(end.peerBell, () => this.#writer.takeReaderWaits())
    this.#minFreeBytes = this.#writer.freeBytes * MIN_FREE_SHARE
  }

  get hasCredit(): boolean {
    if (this.#canSend()) return true
    this.#await()
    return false
  }

  emptyBatch(): RecordBatch {
    const batch = this.#recycled ?? new RecordBatch()
    this.#recycled = undefined
    return batch
  }

  sendBatch(batch: RecordBatch): void {
    const frame = this.#encoder.encode(batch)
    this.#send(FrameKind.RECORDS, frame.bytes, frame.length)
    batch.clear()
    this.#recycled = batch
  }

  sendControl(element: ControlElement): void {
    const { kind, payload } = encodeControl(element)
    this.#send(kind, payload, payload.length)
  }

  onWritable(notify: () => void): void {
    this.#writable = notify
  }

  askForRing(): void {
    this.#writer.askForRoom()
  }

  isReady(): boolean {
    return this.#allWritten() && this.#writer.isWritable
  }

  ready(): void {
    this.#isWaiting = false
    this.#writable()
  }

  #canSend(): boolean {
    return this.#allWritten() && this.#writer.freeBytes >= this.#minFreeBytes
  }

  #allWritten(): boolean {
    return this.#waitingFrames.length === 0 || this.#drain()
  }

  #await(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#end.doorbell.await(this)
  }

  /** Sends a frame, in parts if it is too large for the ring. */
  #send(kind: FrameKind, payload: Uint8Array, length: number): void {
    const { maxPayloadBytes } = this.#writer
    let from = 0
    for (; length - from > maxPayloadBytes; from += maxPayloadBytes) {
      const part = payload.subarray(from, from + maxPayloadBytes)
      this.#write(FrameKind.PART, part, part.length)
    }
    const rest = from === 0 ? payload : payload.subarray(from, length)
    this.#write(kind, rest, length - from)
  }

  #write(kind: FrameKind, payload: Uint8Array, length: number): void {
    if (this.#waitingFrames.length === 0 && this.#writer.write(kind, payload, length)) {
      this.#bell.ringIfAsked()
      return
    }
    this.#waitingFrames.push({ kind, payload: payload.slice(0, length) })
    this.#await()
  }

  /** Writes the frames that wait, as far as there is room. @returns true if none is left */
  #drain(): boolean {
    for (;;) {
      const frame = this.#waitingFrames.peek()
      if (frame === undefined) return true
      if (!this.#writer.write(frame.kind, frame.payload, frame.payload.length)) return false
      this.#bell.ringIfAsked()
      this.#waitingFrames.shift()
    }
  }
}

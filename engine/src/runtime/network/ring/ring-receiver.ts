import { RecordBatch } from '../../../core/record-batch.ts'
import type { StreamElement } from '../../../core/stream-element.ts'
import { BatchDecoder } from '../../../types/columns/batch-decoder.ts'
import { FrameBuffer } from '../../../types/columns/frame-buffer.ts'
import type { ChannelReceiver } from '../channel.ts'
import { decodeControl } from './control-frame.ts'
import type { RingWaiter } from './doorbell.ts'
import { PeerBell } from './peer-bell.ts'
import type { RingChannelEnd } from './ring-channel.ts'
import { FrameKind, type RingFrame, RingReader } from './shared-ring.ts'

/** The receiving end of a channel from another thread: decodes frames into fresh rows. */
export class RingReceiver implements ChannelReceiver, RingWaiter {
  readonly #reader: RingReader
  readonly #end: RingChannelEnd
  readonly #decoder: BatchDecoder
  readonly #bell: PeerBell
  #recycled: RecordBatch | undefined
  /** The parts so far of a frame that is larger than the ring. */
  #parts: FrameBuffer | undefined
  #isWaiting = false
  #readable: () => void = () => {}

  constructor(end: RingChannelEnd) {
    this.#end = end
    this.#reader = new RingReader(end.ring)
    this.#decoder = new BatchDecoder(end.text, end.registry)
    this.#bell = new PeerBell(end.peerBell, () => this.#reader.takeWriterWaits())
  }

  poll(): StreamElement | undefined {
    for (;;) {
      const frame = this.#reader.peek()
      if (frame === undefined) {
        this.#await()
        return undefined
      }
      const element = this.#take(frame)
      this.#reader.advance()
      this.#bell.ringIfAsked()
      if (element !== undefined) return element
    }
  }

  recycle(batch: RecordBatch): void {
    batch.clear()
    this.#recycled = batch
  }

  onReadable(notify: () => void): void {
    this.#readable = notify
    this.#await()
  }

  askForRing(): void {
    this.#reader.askForFrame()
  }

  isReady(): boolean {
    return this.#reader.isReadable
  }

  ready(): void {
    this.#isWaiting = false
    this.#readable()
  }

  #await(): void {
    if (this.#isWaiting) return
    this.#isWaiting = true
    this.#end.doorbell.await(this)
  }

  #take(frame: RingFrame): StreamElement | undefined {
    const { memory } = this.#reader
    if (frame.kind === FrameKind.RECORDS || frame.kind === FrameKind.PART) {
      if (this.#parts === undefined && frame.kind === FrameKind.RECORDS) {
        return this.#decoder.decode(memory, frame.at, frame.length, this.#emptyBatch())
      }
      return this.#takePart(frame)
    }
    return decodeControl(frame, memory)
  }

  #takePart({ kind, at, length }: RingFrame): StreamElement | undefined {
    const parts = this.#parts ?? new FrameBuffer()
    this.#parts = parts
    const end = parts.reserve(length)
    parts.bytes.set(this.#reader.memory.bytes.subarray(at, at + length), end)
    if (kind === FrameKind.PART) return undefined
    this.#parts = undefined
    return this.#decoder.decode(parts, 0, parts.length, this.#emptyBatch())
  }

  #emptyBatch(): RecordBatch {
    const batch = this.#recycled ?? new RecordBatch()
    this.#recycled = undefined
    return batch
  }
}

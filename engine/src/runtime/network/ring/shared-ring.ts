/**
 * A ring of frames in shared memory, with one thread that writes and one that reads.
 *
 * Hot: once per frame, never per record. Head and tail are counters of bytes that wrap; they lie on
 * cache lines of their own, so that the two threads do not slow each other down. A frame is
 * contiguous and begins at a multiple of sixteen bytes; what does not fit before the end of the
 * ring is skipped by a frame of kind `wrap`.
 *
 * Source: Lamport, Proving the Correctness of Multiprocess Programs (1977), section on the bounded
 * buffer of one producer and one consumer.
 */
import { assert } from '../../../base/engine-error.ts'
import type { FrameMemory } from '../../../types/columns/frame-buffer.ts'

/** What a frame holds. Numbers are part of the format. */
export const FrameKind = {
  RECORDS: 1,
  WATERMARK: 2,
  STATUS: 3,
  BARRIER: 4,
  END: 5,
  /** A part of a frame that is too large for one; the last part has its own kind. */
  PART: 6,
  /** Nothing: the next frame is at the start of the ring. */
  WRAP: 7,
} as const

/** A kind of {@link FrameKind}. */
export type FrameKind = (typeof FrameKind)[keyof typeof FrameKind]

/** Payload length, kind, number of the frame in its channel, and one word to spare. */
const HEADER_BYTES = 16

/** Head at 0, tail two cache lines behind it, the frames after two more. */
const TAIL_WORD = 32
const DATA_BYTES = 256

/** 1 if an end waits; each lies beside the counter of the end that looks at it after each frame. */
const READER_WAITS_WORD = 1
const WRITER_WAITS_WORD = TAIL_WORD + 1

/** A writer that waits goes on when this share of the ring is free: not for every frame read. */
const ROOM_SHARE = 1 / 2

/** The smallest ring: a frame must fit, with room to wrap. */
const MIN_RING_BYTES = 4_096

/** A ring of `sizeBytes`, a power of two. */
export function createRing(sizeBytes: number): SharedArrayBuffer {
  assert(
    sizeBytes >= MIN_RING_BYTES && (sizeBytes & (sizeBytes - 1)) === 0,
    `a ring of ${sizeBytes} bytes; it must be a power of two of at least ${MIN_RING_BYTES}`,
  )
  return new SharedArrayBuffer(DATA_BYTES + sizeBytes)
}

/** The bytes that a frame takes. It begins at a multiple of 16, so that a header always fits. */
function frameBytes(payloadLength: number): number {
  return HEADER_BYTES + ((payloadLength + 15) & ~15)
}

/** What both ends of a ring share. */
class RingEnd {
  protected readonly counters: Int32Array
  protected readonly bytes: Uint8Array
  protected readonly ints: Int32Array
  protected readonly size: number
  protected readonly mask: number
  protected frameNumber = 0
  protected readonly roomBytes: number

  constructor(ring: SharedArrayBuffer) {
    this.size = ring.byteLength - DATA_BYTES
    this.mask = this.size - 1
    this.roomBytes = this.size * ROOM_SHARE
    this.counters = new Int32Array(ring, 0, DATA_BYTES / 4)
    this.bytes = new Uint8Array(ring, DATA_BYTES)
    this.ints = new Int32Array(ring, DATA_BYTES)
  }
}

/** The writing end. */
export class RingWriter extends RingEnd {
  #head = 0
  /** The tail as it was seen last: it only grows. */
  #seenTail = 0

  /** The longest payload of one frame: half of the ring, so that a wrap always leaves room. */
  get maxPayloadBytes(): number {
    return this.size / 2 - HEADER_BYTES
  }

  /** Bytes that are free now. */
  get freeBytes(): number {
    this.#seenTail = Atomics.load(this.counters, TAIL_WORD)
    return this.size - ((this.#head - this.#seenTail) | 0)
  }

  /** True if there is room enough for a writer that had to wait. */
  get isWritable(): boolean {
    return this.freeBytes >= this.roomBytes
  }

  /** Asks the reader for a sign when there is room, see `Doorbell`. */
  askForRoom(): void {
    Atomics.store(this.counters, WRITER_WAITS_WORD, 1)
  }

  /** True, once, if the reader waits for a frame. To be called when frames have been written. */
  takeReaderWaits(): boolean {
    if (Atomics.load(this.counters, READER_WAITS_WORD) === 0) return false
    Atomics.store(this.counters, READER_WAITS_WORD, 0)
    return true
  }

  /**
   * Writes a frame and makes it visible.
   * @returns false if there is no room now; nothing is written then
   */
  write(kind: FrameKind, payload: Uint8Array, length: number): boolean {
    const needed = frameBytes(length)
    const at = this.#head & this.mask
    const skip = at + needed > this.size ? this.size - at : 0
    if (!this.#hasRoom(skip + needed)) return false
    if (skip > 0) this.#header(at, FrameKind.WRAP, skip - HEADER_BYTES)
    const start = skip > 0 ? 0 : at
    this.#header(start, kind, length)
    this.bytes.set(
      payload.length === length ? payload : payload.subarray(0, length),
      start + HEADER_BYTES,
    )
    this.#head = (this.#head + skip + needed) | 0
    Atomics.store(this.counters, 0, this.#head)
    return true
  }

  #hasRoom(needed: number): boolean {
    const free = this.size - ((this.#head - this.#seenTail) | 0)
    return free >= needed || this.freeBytes >= needed
  }

  #header(at: number, kind: FrameKind, length: number): void {
    const word = at >> 2
    this.ints[word] = length
    this.ints[word + 1] = kind
    this.ints[word + 2] = this.frameNumber++ | 0
  }
}

/** A frame in the ring; its bytes are valid until the reader is told to go on. */
export interface RingFrame {
  kind: FrameKind
  /** Where the payload begins in {@link RingReader.memory}; a multiple of eight. */
  at: number
  length: number
}

/** The reading end. */
export class RingReader extends RingEnd {
  /** The ring as bytes, integers and doubles. */
  readonly memory: FrameMemory
  readonly #frame: RingFrame = { kind: FrameKind.END, at: 0, length: 0 }
  #tail = 0
  #frameEnd = 0
  #seenHead = 0

  constructor(ring: SharedArrayBuffer) {
    super(ring)
    const doubles = new Float64Array(ring, DATA_BYTES)
    this.memory = { bytes: this.bytes, ints: this.ints, doubles }
  }

  /** True if there is a frame to be read. */
  get isReadable(): boolean {
    if (this.#seenHead === this.#tail) this.#seenHead = Atomics.load(this.counters, 0)
    return this.#seenHead !== this.#tail
  }

  /** Asks the writer for a sign when there is a frame, see `Doorbell`. */
  askForFrame(): void {
    Atomics.store(this.counters, READER_WAITS_WORD, 1)
  }

  /**
   * True, once, if the writer waits and has room now. To be called when frames have been read. As
   * long as there is no room there is a frame to be read, and so another call to come.
   */
  takeWriterWaits(): boolean {
    if (Atomics.load(this.counters, WRITER_WAITS_WORD) === 0) return false
    this.#seenHead = Atomics.load(this.counters, 0)
    if (this.size - ((this.#seenHead - this.#tail) | 0) < this.roomBytes) return false
    Atomics.store(this.counters, WRITER_WAITS_WORD, 0)
    return true
  }

  /** The oldest frame, in one object for all calls; undefined if there is none. */
  peek(): RingFrame | undefined {
    while (this.isReadable) {
      const at = this.#tail & this.mask
      const word = at >> 2
      const length = this.ints[word] as number
      const kind = this.ints[word + 1] as FrameKind
      assert(
        this.ints[word + 2] === (this.frameNumber | 0),
        `frame ${this.ints[word + 2]} of a ring where ${this.frameNumber} was due`,
      )
      this.#frameEnd = (this.#tail + frameBytes(length)) | 0
      if (kind === FrameKind.WRAP) {
        this.advance()
        continue
      }
      this.#frame.kind = kind
      this.#frame.at = at + HEADER_BYTES
      this.#frame.length = length
      return this.#frame
    }
    return undefined
  }

  /** Gives the room of the frame of the last {@link RingReader.peek} back to the writer. */
  advance(): void {
    this.frameNumber++
    this.#tail = this.#frameEnd
    Atomics.store(this.counters, TAIL_WORD, this.#tail)
  }
}

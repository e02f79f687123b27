import { assert, EngineError, ErrorCode } from './engine-error.ts'
import { utf8Encoder } from './text-codec.ts'
import { putVarintWord, putZigzagInt } from './varint-word.ts'
import { writeWtf8, wtf8ByteLength } from './wtf8.ts'

/** From this length on the platform's encoder beats a loop over the units. */
const LONG_TEXT_LENGTH = 48

/** The bytes of a varint: 2^53 - 1 needs eight, one more for the shift of zigzag. */
const MAX_VARINT_BYTES = 9

const CANONICAL_NAN_HIGH_WORD = 0x7ff80000

/**
 * A growing buffer of bytes with the writing methods of the engine's binary formats. Little-endian.
 * Reuse one writer with {@link ByteWriter.reset} where records are written one after another.
 */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #data: DataView<ArrayBuffer>
  #length = 0

  /** @param capacityBytes the first size of the buffer; it doubles when full. */
  constructor(capacityBytes: number = 256) {
    this.#bytes = new Uint8Array(Math.max(16, capacityBytes))
    this.#data = new DataView(this.#bytes.buffer)
  }

  /** How many bytes are written. */
  get length(): number {
    return this.#length
  }

  /** Appends the low eight bits of `value`. */
  u8(value: number): void {
    const at = this.#reserve(1)
    this.#bytes[at] = value
    this.#length = at + 1
  }

  /** Appends a signed 32-bit integer. */
  i32(value: number): void {
    const at = this.#reserve(4)
    this.#data.setInt32(at, value, true)
    this.#length = at + 4
  }

  /** Appends an unsigned 32-bit integer. */
  u32(value: number): void {
    const at = this.#reserve(4)
    this.#data.setUint32(at, value, true)
    this.#length = at + 4
  }

  /** Appends a double. Every `NaN` has the same bytes. */
  f64(value: number): void {
    const at = this.#reserve(8)
    if (Number.isNaN(value)) {
      this.#data.setUint32(at, 0, true)
      this.#data.setUint32(at + 4, CANONICAL_NAN_HIGH_WORD, true)
    } else this.#data.setFloat64(at, value, true)
    this.#length = at + 8
  }

  /** Appends an integer from 0 to 2^53 - 1 in one to eight bytes (unsigned LEB128). */
  varint(value: number): void {
    const at = this.#reserve(MAX_VARINT_BYTES)
    if (value >= 0 && value < 0x80 && (value | 0) === value) {
      this.#bytes[at] = value
      this.#length = at + 1
      return
    }
    if (!Number.isSafeInteger(value) || value < 0) {
      throw unwritable('a varint is from 0 to 2^53 - 1', value)
    }
    this.#length = this.#putVarint(at, value)
  }

  /** Appends a safe integer of either sign; small magnitudes take few bytes (zigzag LEB128). */
  zigzag(value: number): void {
    const at = this.#reserve(MAX_VARINT_BYTES)
    const word = value | 0
    if (word === value) {
      this.#length = putZigzagInt(this.#bytes, at, word)
      return
    }
    if (!Number.isSafeInteger(value)) throw unwritable('a zigzag varint is a safe integer', value)
    const magnitude = value < 0 ? -1 - value : value
    const sign = value < 0 ? 1 : 0
    // The doubled value may exceed 2^53, so the lowest byte takes the sign and six bits itself.
    const rest = Math.floor(magnitude / 0x40)
    this.#bytes[at] = 0x80 | ((magnitude - rest * 0x40) << 1) | sign
    this.#length = this.#putVarint(at + 1, rest)
  }

  /** Appends raw bytes, without a length. */
  bytes(value: Uint8Array): void {
    const at = this.#reserve(value.length)
    this.#bytes.set(value, at)
    this.#length = at + value.length
  }

  /** Appends the byte length as a varint and the text as WTF-8: every string survives. */
  string(value: string): void {
    const size = value.length
    if (size >= LONG_TEXT_LENGTH) {
      this.#longString(value)
      return
    }
    const at = this.#reserve(size + 1)
    const bytes = this.#bytes
    for (let i = 0; i < size; i++) {
      const unit = value.charCodeAt(i)
      if (unit >= 0x80) {
        this.#wideString(value)
        return
      }
      bytes[at + 1 + i] = unit
    }
    bytes[at] = size
    this.#length = at + 1 + size
  }

  /**
   * The buffer, with room for so many bytes from `length` on: for loops that write many values
   * into it themselves. They end with {@link ByteWriter.extend}; any other call may move the bytes.
   */
  room(byteLength: number): Uint8Array<ArrayBuffer> {
    this.#reserve(byteLength)
    return this.#bytes
  }

  /** Says up to where bytes were written into {@link ByteWriter.room}. */
  extend(length: number): void {
    if (length < this.#length || length > this.#bytes.length) {
      throw unwritable(`a writer is extended within its ${this.#bytes.length} bytes`, length)
    }
    this.#length = length
  }

  /** Overwrites four bytes written before, such as a length that was not yet known. */
  patchU32(position: number, value: number): void {
    assert(
      position >= 0 && position + 4 <= this.#length,
      `position ${position} is not among the ${this.#length} bytes written`,
    )
    this.#data.setUint32(position, value, true)
  }

  /** Forgets the bytes from `length` on. */
  truncate(length: number): void {
    assert(length >= 0 && length <= this.#length, `cannot cut ${this.#length} bytes to ${length}`)
    this.#length = length
  }

  /** The bytes written so far, without a copy: valid until the next write or reset. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length)
  }

  /** A copy of the bytes written so far. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length)
  }

  /** Forgets all bytes and keeps the buffer. */
  reset(): void {
    this.#length = 0
  }

  #wideString(value: string): void {
    const byteLength = wtf8ByteLength(value)
    const at = this.#reserve(byteLength + MAX_VARINT_BYTES)
    this.#length = writeWtf8(value, this.#bytes, this.#putVarint(at, byteLength))
  }

  #longString(value: string): void {
    const at = this.#reserve(value.length * 3 + MAX_VARINT_BYTES)
    // The length is written before the text, for ASCII its size is guessed right.
    const guessed = this.#putVarint(at, value.length)
    const { written } = utf8Encoder.encodeInto(value, this.#bytes.subarray(guessed))
    if (written !== value.length && !value.isWellFormed()) {
      this.#wideString(value)
      return
    }
    const start = at + varintByteLength(written)
    if (start !== guessed) this.#bytes.copyWithin(start, guessed, guessed + written)
    this.#putVarint(at, written)
    this.#length = start + written
  }

  /** Writes a varint at `at` without checks and returns the offset behind it. */
  #putVarint(at: number, value: number): number {
    const bytes = this.#bytes
    let rest = value
    let next = at
    while (rest > 0x7fffffff) {
      const higher = Math.floor(rest / 0x80)
      bytes[next++] = 0x80 | (rest - higher * 0x80)
      rest = higher
    }
    return putVarintWord(bytes, next, rest)
  }

  /** Makes room for `size` more bytes and returns the offset to write at. */
  #reserve(size: number): number {
    const at = this.#length
    if (at + size > this.#bytes.length) this.#grow(at + size)
    return at
  }

  #grow(needed: number): void {
    const bytes = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    bytes.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = bytes
    this.#data = new DataView(bytes.buffer)
  }
}

/** Not by `assert`, which has its text made for each value: that takes longer than to write it. */
function unwritable(rule: string, value: number): EngineError {
  return new EngineError(ErrorCode.ASSERTION, `${rule}, not ${value}`)
}

function varintByteLength(value: number): number {
  let byteLength = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) byteLength++
  return byteLength
}

import { EngineError, ErrorCode } from './engine-error.ts'
import { readLatin1 } from './latin1.ts'
import { utf8Decoder } from './text-codec.ts'
import { readWtf8 } from './wtf8.ts'

/** From this byte length on the platform's decoder beats a loop over the bytes. */
const LONG_TEXT_BYTES = 48

const CANONICAL_NAN_HIGH_WORD = 0x7ff80000

/**
 * Reads what a `ByteWriter` wrote. Trusts nothing: every length is checked against the bytes left
 * before anything is allocated, and numbers must have their shortest form.
 *
 * Every method throws CORRUPT_DATA if the bytes end too early or have no meaning; the caller lets
 * it pass, because bytes once damaged cannot be repaired here.
 */
export class ByteReader {
  readonly #bytes: Uint8Array
  /** Made when the first number of fixed width is read; many short values never need it. */
  #data: DataView | undefined
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** How many bytes are read. */
  get position(): number {
    return this.#position
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#position
  }

  /** Reads one byte. */
  u8(): number {
    const at = this.#take(1)
    return this.#bytes[at]!
  }

  /** Reads a signed 32-bit integer. */
  i32(): number {
    return this.#words().getInt32(this.#take(4), true)
  }

  /** Reads an unsigned 32-bit integer. */
  u32(): number {
    return this.#words().getUint32(this.#take(4), true)
  }

  /** Reads a double; of all `NaN`s only the one that a `ByteWriter` writes. */
  f64(): number {
    const at = this.#take(8)
    const value = this.#words().getFloat64(at, true)
    if (Number.isNaN(value) && !this.#isCanonicalNan(at))
      throw this.corrupt('a NaN of another form')
    return value
  }

  /** Reads an integer from 0 to 2^53 - 1 in unsigned LEB128. */
  varint(): number {
    const first = this.u8()
    return first < 0x80 ? first : this.#restOfVarint(first & 0x7f, 0x80)
  }

  /** Reads a safe integer in zigzag LEB128. */
  zigzag(): number {
    const first = this.u8()
    const low = (first & 0x7f) >> 1
    const magnitude = first < 0x80 ? low : this.#restOfVarint(low, 0x40)
    const value = (first & 1) === 0 ? magnitude : -1 - magnitude
    if (!Number.isSafeInteger(value)) throw this.corrupt('a zigzag varint beyond a safe integer')
    return value
  }

  /**
   * Reads the number of elements that follow. Each takes a byte at least, so a number beyond the
   * bytes left is refused before anything is allocated for it.
   */
  count(): number {
    const count = this.varint()
    if (count > this.left) {
      throw this.corrupt(`a count of ${count}, with ${this.left} bytes left`)
    }
    return count
  }

  /** Reads `length` bytes as a view of the source; take {@link ByteReader.bytes} to keep them. */
  view(length: number): Uint8Array {
    const at = this.#take(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** Reads `length` bytes into an array of their own. */
  bytes(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#take(length)
    const copy = new Uint8Array(length)
    copy.set(this.#bytes.subarray(at, at + length))
    return copy
  }

  /** Reads a byte length and that many bytes of WTF-8. */
  string(): string {
    const length = this.varint()
    const at = this.#take(length)
    const end = at + length
    const bytes = this.#bytes
    if (length >= LONG_TEXT_BYTES) return this.#longString(at, end)
    let union = 0
    for (let i = at; i < end; i++) union |= bytes[i]!
    return union < 0x80 ? readLatin1(bytes, at, end) : readWtf8(bytes, at, end)
  }

  /** The bytes from `start` to `end` of those already read, as a view of the source. */
  past(start: number, end: number): Uint8Array {
    if (!(start >= 0 && start <= end && end <= this.#position)) {
      throw new EngineError(
        ErrorCode.ASSERTION,
        `bytes ${start} to ${end} are not among the ${this.#position} already read`,
      )
    }
    return this.#bytes.subarray(start, end)
  }

  /** Call it when a value must be all there is. Throws CORRUPT_DATA if bytes are left. */
  expectEnd(): void {
    if (this.left > 0) throw this.corrupt(`the end, but ${this.left} bytes are left`)
  }

  /** The error to throw when what was `found` here has no meaning. */
  corrupt(found: string): EngineError {
    return new EngineError(
      ErrorCode.CORRUPT_DATA,
      `bytes cannot be decoded: at position ${this.#position} of ${this.#bytes.length} stands ${found}`,
    )
  }

  #words(): DataView {
    const bytes = this.#bytes
    this.#data ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return this.#data
  }

  #isCanonicalNan(at: number): boolean {
    return (
      this.#words().getUint32(at, true) === 0 &&
      this.#words().getUint32(at + 4, true) === CANONICAL_NAN_HIGH_WORD
    )
  }

  #longString(start: number, end: number): string {
    try {
      return utf8Decoder.decode(this.#bytes.subarray(start, end))
    } catch {
      // Unpaired surrogates, damage, or shared memory, which some platforms do not decode.
      return readWtf8(this.#bytes, start, end)
    }
  }

  /** Reads on behind a first byte that brought `low` and was not the last. */
  #restOfVarint(low: number, firstScale: number): number {
    let value = low
    let scale = firstScale
    for (;;) {
      const byte = this.u8()
      value += (byte & 0x7f) * scale
      if (value > Number.MAX_SAFE_INTEGER) throw this.corrupt('a varint beyond 2^53 - 1')
      if (byte < 0x80) {
        if (byte === 0) throw this.corrupt('a varint longer than it needs to be')
        return value
      }
      scale *= 0x80
      if (scale > 2 ** 56) throw this.corrupt('a varint without end')
    }
  }

  /** Checks that `length` bytes are left, steps over them and returns where they start. */
  #take(length: number): number {
    const at = this.#position
    const left = this.#bytes.length - at
    if (!(length >= 0 && length <= left)) throw this.#tooShort(length, left)
    this.#position = at + length
    return at
  }

  #tooShort(wanted: number, left: number): EngineError {
    return new EngineError(
      ErrorCode.CORRUPT_DATA,
      `bytes end too early: ${wanted} wanted at position ${this.#position}, ${left} left`,
    )
  }
}

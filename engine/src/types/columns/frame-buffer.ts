/** Bytes that are read and written as bytes, 32-bit integers and doubles at the same offsets. */
export interface FrameMemory {
  readonly bytes: Uint8Array
  readonly ints: Int32Array
  readonly doubles: Float64Array
}

/** What is left of a value that has to begin at a multiple of eight bytes. */
export function aligned(length: number): number {
  return (length + 7) & ~7
}

/**
 * A growing buffer in which a frame is put together. Everything in a frame begins at a multiple of
 * eight bytes, so that typed arrays over the whole buffer read it without views of their own.
 */
export class FrameBuffer implements FrameMemory {
  bytes!: Uint8Array<ArrayBuffer>
  ints!: Int32Array<ArrayBuffer>
  doubles!: Float64Array<ArrayBuffer>
  /** How many bytes are written. */
  length = 0

  constructor(capacityBytes: number = 65_536) {
    this.#use(new ArrayBuffer(aligned(capacityBytes)))
  }

  /** Makes room for `size` bytes at the end, from a multiple of eight on. @returns where */
  reserve(size: number): number {
    const at = aligned(this.length)
    const end = at + size
    if (end > this.bytes.length) {
      const grown = new ArrayBuffer(aligned(Math.max(end, this.bytes.length * 2)))
      new Uint8Array(grown).set(this.bytes.subarray(0, this.length))
      this.#use(grown)
    }
    this.length = end
    return at
  }

  /** Forgets what is written. */
  reset(): void {
    this.length = 0
  }

  #use(buffer: ArrayBuffer): void {
    this.bytes = new Uint8Array(buffer)
    this.ints = new Int32Array(buffer)
    this.doubles = new Float64Array(buffer)
  }
}

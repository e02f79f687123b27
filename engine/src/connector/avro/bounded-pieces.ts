/** Gathers pieces of bytes up to a limit. */
export class BoundedPieces {
  readonly #sizeBytesMax: number
  readonly #pieces: Uint8Array[] = []
  #sizeBytes = 0

  constructor(sizeBytesMax: number) {
    this.#sizeBytesMax = sizeBytesMax
  }

  /** @throws an error if it becomes too much */
  add(piece: Uint8Array): void {
    this.#sizeBytes += piece.length
    if (this.#sizeBytes > this.#sizeBytesMax) {
      throw new Error(`it is larger than blockSizeBytesMax, ${this.#sizeBytesMax} bytes`)
    }
    this.#pieces.push(piece)
  }

  joined(): Uint8Array {
    const bytes = new Uint8Array(this.#sizeBytes)
    let at = 0
    for (const piece of this.#pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }
}

import { joinBytes } from '../../base/join-bytes.ts'

/** Gathers pieces of bytes up to a limit, since input may be endless or a few bytes become many. */
export class BoundedBytes {
  readonly #sizeBytesMax: number
  readonly #pieces: Uint8Array[] = []
  #sizeBytes = 0

  constructor(sizeBytesMax: number) {
    this.#sizeBytesMax = sizeBytesMax
  }

  /** False if it becomes too much; the piece is not kept then. */
  add(piece: Uint8Array): boolean {
    if (this.#sizeBytes + piece.length > this.#sizeBytesMax) return false
    this.#sizeBytes += piece.length
    this.#pieces.push(piece)
    return true
  }

  /** All pieces in one. */
  joined(): Uint8Array {
    return joinBytes(this.#pieces)
  }
}

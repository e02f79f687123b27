import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { FormatInput } from '../file/file-format.ts'

/** The header of an Avro object container file. */
export interface AvroHeader {
  /** The schema the file was written with, as JSON text. */
  readonly schema: string
  readonly codec: string
  /** Stands behind every block. */
  readonly syncMarker: Uint8Array
}

/** The records of one block, as bytes. */
export interface AvroBlock {
  readonly offset: number
  readonly recordCount: number
  readonly bytes: Uint8Array
}

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string }

/** How an Avro object container file starts: `Obj` and the version of the format. */
export const AVRO_MAGIC: Uint8Array = Uint8Array.of(0x4f, 0x62, 0x6a, 0x01)

/** The length of a sync marker. */
export const SYNC_SIZE_BYTES = 16

/** Reads the blocks of an Avro object container file one after the other. */
export class AvroContainer {
  readonly #input: FormatInput
  #offset = 0
  #buffer: Uint8Array = new Uint8Array(0)
  /** Where in `#buffer` the next byte stands; the file position is `#offset`. */
  #at = 0

  constructor(input: FormatInput) {
    this.#input = input
  }

  /** Where the next block begins. */
  get offset(): number {
    return this.#offset
  }

  /** Goes on reading at the start of a block. */
  seek(offset: number): void {
    this.#offset = offset
    this.#buffer = new Uint8Array(0)
    this.#at = 0
  }

  /** @throws CORRUPT_DATA if it is no Avro file */
  async header(): Promise<AvroHeader> {
    const magic = await this.#take(AVRO_MAGIC.length)
    if (AVRO_MAGIC.some((byte, index) => magic[index] !== byte)) {
      throw this.corrupt('it does not start with the bytes of an Avro object container file')
    }
    const text = new TextDecoder()
    const metadata = new Map<string, string>()
    for (;;) {
      const count = await this.#long()
      if (count === 0) break
      // A negative count is followed by the size of the entries, for those who skip them.
      if (count < 0) await this.#long()
      for (let i = 0; i < Math.abs(count); i++) {
        const key = text.decode(await this.#take(await this.#size()))
        metadata.set(key, text.decode(await this.#take(await this.#size())))
      }
    }
    const schema = metadata.get('avro.schema')
    if (schema === undefined) throw this.corrupt('its header has no schema')
    const syncMarker = (await this.#take(SYNC_SIZE_BYTES)).slice()
    return { schema, codec: metadata.get('avro.codec') ?? 'null', syncMarker }
  }

  /** The next block, or undefined at the end of the file. */
  async next(syncMarker: Uint8Array): Promise<AvroBlock | undefined> {
    const offset = this.#offset
    if (!(await this.#has(1))) return undefined
    const recordCount = await this.#size()
    const bytes = (await this.#take(await this.#size())).slice()
    const marker = await this.#take(SYNC_SIZE_BYTES)
    if (syncMarker.some((byte, index) => marker[index] !== byte)) {
      throw this.corrupt(`the block at byte ${offset} does not end with the sync marker`)
    }
    return { offset, recordCount, bytes }
  }

  corrupt(what: string, cause?: unknown): EngineError {
    return new EngineError(
      ErrorCode.CORRUPT_DATA,
      `cannot read ${this.#input.split.path} as Avro: ${what}; write the file again or leave it out`,
      { cause },
    )
  }

  async #size(): Promise<number> {
    const size = await this.#long()
    // Nothing in a file is larger than the file: a damaged length must not become an allocation.
    if (size < 0 || size > this.#input.split.sizeBytes) {
      throw this.corrupt(`the length ${size} before byte ${this.#offset} is not possible`)
    }
    return size
  }

  /** A zigzag varint, as far as a number is exact. */
  async #long(): Promise<number> {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const [byte] = await this.#take(1)
      value += ((byte as number) & 0x7f) * factor
      if ((byte as number) < 128) break
      if (factor > 2 ** 42) throw this.corrupt(`a number before byte ${this.#offset} is too long`)
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  async #take(length: number): Promise<Uint8Array> {
    if (!(await this.#has(length))) {
      throw this.corrupt(`it ends at byte ${this.#offset}, in the middle of a block`)
    }
    const bytes = this.#buffer.subarray(this.#at, this.#at + length)
    this.#at += length
    this.#offset += length
    return bytes
  }

  async #has(length: number): Promise<boolean> {
    while (this.#buffer.length - this.#at < length) {
      const rest = this.#buffer.subarray(this.#at)
      const wanted = Math.max(this.#input.chunkSizeBytes, length - rest.length)
      const more = await this.#input.file.read(this.#offset + rest.length, wanted)
      if (more.length === 0) return false
      const joined = new Uint8Array(rest.length + more.length)
      joined.set(rest)
      joined.set(more, rest.length)
      this.#buffer = joined
      this.#at = 0
    }
    return true
  }
}

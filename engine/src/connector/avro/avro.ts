import type { FileFormat, FormatBlock, FormatInput, FormatReader } from '../file/file-format.ts'
import { type BlockGap, convertedEntry } from '../source-base/record-block.ts'
import { AvroBlockCheck } from './avro-block-check.ts'
import { type AvroBlock, AvroContainer, type AvroHeader } from './avro-container.ts'
import { avroDecompressor } from './avro-decompressor.ts'
import { type AvroSchema, type AvroType, avroResolver, avroType } from './avro-schema.ts'

/** The largest block by default, decompressed. */
const BLOCK_SIZE_BYTES_MAX = 64 * 1024 * 1024

/** An Avro record by field name. */
export type AvroRecord = Readonly<Record<string, unknown>>

/** Options of {@link avro}. */
export interface AvroOptions<T> {
  /**
   * The schema to read with. A field that a file lacks gets its default, one that the schema lacks
   * is dropped, one with another name is found by its aliases, numbers widen (int to long to float
   * to double). Default: the schema of each file.
   */
  readonly schema?: AvroSchema
  /**
   * Turns a record into another; null leaves it out, a throw makes it malformed. Default: the
   * record.
   */
  readonly convert?: (record: AvroRecord) => T | null
  /** A block that is larger when it is decompressed fails the job. Default 64 MiB. */
  readonly blockSizeBytesMax?: number
}

// Bytes in the class that the library works on; browsers have it only through a bundler.
declare const Buffer: {
  from(bytes: ArrayBufferLike, offset: number, length: number): Uint8Array
}

/**
 * Avro object container files, without compression, with deflate, or with zstandard (pass
 * `decompressors` to the source). A block of a file is what is read at once; files are not cut into
 * ranges. A `long` beyond 2^53 fails, as the library reads it as a number.
 *
 * A file that is damaged or cut off, or whose schema cannot be read with the one asked for, fails
 * the job: none of its records can be trusted to be complete. A branch of a union that the schema
 * asked for cannot take is refused when the file is opened, whether a record has it or not.
 *
 * Built on `avsc`, which needs Node's `Buffer`; that is why it has an entry of its own,
 * `@millrace/engine/connector/avro`.
 *
 * ```ts
 * const format = avro<AvroRecord>()
 * format.name // => 'Avro'
 * ```
 * @throws INVALID_ARGUMENT if the schema is no Avro schema
 */
export function avro<T = AvroRecord>(options: AvroOptions<T> = {}): FileFormat<T> {
  const reader = options.schema === undefined ? undefined : avroType(options.schema)
  return {
    name: 'Avro',
    splittable: false,
    compressible: false,
    open: async (input) => {
      const container = new AvroContainer(input)
      const header = await container.header()
      return new AvroReader<T>(input, container, header, reader, options)
    },
  }
}

class AvroReader<T> implements FormatReader<T> {
  readonly #path: string
  readonly #container: AvroContainer
  readonly #header: AvroHeader
  readonly #type: AvroType
  readonly #resolver: object | undefined
  readonly #check: AvroBlockCheck
  readonly #decompress: (bytes: Uint8Array) => Promise<Uint8Array>
  readonly #convert: ((record: AvroRecord) => T | null) | undefined

  constructor(
    input: FormatInput,
    container: AvroContainer,
    header: AvroHeader,
    reader: AvroType | undefined,
    options: AvroOptions<T>,
  ) {
    this.#path = input.split.path
    this.#container = container
    this.#header = header
    this.#convert = options.convert
    const sizeBytesMax = options.blockSizeBytesMax ?? BLOCK_SIZE_BYTES_MAX
    this.#decompress = avroDecompressor(input, header.codec, sizeBytesMax)
    try {
      const writer = avroType(JSON.parse(header.schema))
      this.#type = reader ?? writer
      this.#resolver = reader && avroResolver(reader, writer)
      this.#check = new AvroBlockCheck(writer)
    } catch (cause) {
      const what = messageOf(cause)
      throw container.corrupt(`its schema cannot be read with the one asked for (${what})`, cause)
    }
    if (input.split.position !== null) container.seek(input.split.position.offset)
  }

  async next(): Promise<FormatBlock<T> | undefined> {
    const block = await this.#container.next(this.#header.syncMarker)
    if (block === undefined) return undefined
    const bytes = await this.#decompressed(block)
    if (this.#check.isNeeded) this.#requireSound(block, bytes)
    const entries = this.#entriesOf(block, bytes)
    return { entries, hasGaps: this.#convert !== undefined, offset: block.offset, line: 0 }
  }

  async close(): Promise<void> {}

  async #decompressed(block: AvroBlock): Promise<Uint8Array> {
    try {
      return await this.#decompress(block.bytes)
    } catch (cause) {
      const what = `the block at byte ${block.offset} cannot be decompressed (${messageOf(cause)})`
      throw this.#container.corrupt(what, cause)
    }
  }

  #entriesOf(block: AvroBlock, bytes: Uint8Array): readonly (T | BlockGap)[] {
    const convert = this.#convert
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const entries: (T | BlockGap)[] = []
    let position = 0
    for (let i = 0; i < block.recordCount; i++) {
      const { value, offset } = this.#decode(block, buffer, position)
      position = offset
      const record = value as AvroRecord
      entries.push(
        convert === undefined
          ? (record as T)
          : convertedEntry(record, convert, () => this.#originOf(block, i)),
      )
    }
    if (position === bytes.length) return entries
    throw this.#container.corrupt(`the block at byte ${block.offset} holds more than its records`)
  }

  #originOf(block: AvroBlock, index: number): string {
    return `${this.#path}, block at byte ${block.offset}, record ${index}`
  }

  #decode(block: AvroBlock, bytes: Uint8Array, position: number): ReturnType<AvroType['decode']> {
    let cause: unknown
    try {
      const decoded = this.#type.decode(bytes, position, this.#resolver)
      if (decoded.offset >= 0) return decoded
    } catch (error) {
      cause = error
    }
    this.#requireSound(block, bytes)
    const what = cause === undefined ? 'it ends inside a record' : messageOf(cause)
    throw this.#container.corrupt(`the block at byte ${block.offset}: ${what}`, cause)
  }

  /** @throws CORRUPT_DATA, which names record and field */
  #requireSound(block: AvroBlock, bytes: Uint8Array): void {
    try {
      this.#check.check(bytes, block.recordCount)
    } catch (cause) {
      throw this.#container.corrupt(`the block at byte ${block.offset}, ${messageOf(cause)}`, cause)
    }
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

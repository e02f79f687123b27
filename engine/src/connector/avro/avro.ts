import avsc from 'avsc'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Decompressors } from '../../env/decompressors.ts'
import type { FileFormat, FormatBlock, FormatInput, FormatReader } from '../file/file-format.ts'
import { type BlockGap, LEFT_OUT } from '../source-base/record-block.ts'
import { AvroContainer, type AvroHeader } from './avro-container.ts'
import { inflateRaw } from './inflate-raw.ts'

/** An Avro record by field name. */
export type AvroRecord = Readonly<Record<string, unknown>>

/** Options of {@link avro}. */
export interface AvroOptions<T> {
  /**
   * The schema to read with, as the object of an Avro schema. Fields that a file lacks get their
   * default, fields it has too many are dropped, numbers widen. Default: the schema of each file.
   */
  readonly schema?: Readonly<Record<string, unknown>>
  /** Turns a record into another; null leaves it out. Default: the record. */
  readonly convert?: (record: AvroRecord) => T | null
}

/** What is used of the library; its own declarations need Node's types. */
interface AvroType {
  decode(bytes: Uint8Array, position: number, resolver?: object): DecodedValue
  createResolver(writer: AvroType): object
}

interface DecodedValue {
  readonly value: unknown
  /** Negative if the bytes end too early. */
  readonly offset: number
}

const library = avsc as unknown as {
  readonly Type: {
    forSchema(schema: unknown, options?: { readonly registry: object }): AvroType
  }
}

// Bytes in the class that the library works on; browsers have it only through a bundler.
declare const Buffer: {
  from(bytes: ArrayBufferLike, offset: number, length: number): Uint8Array
}

/**
 * Avro object container files, without compression, with deflate, or with zstandard (pass
 * `decompressors` to the source). A block of a file is what is read at once; files are not cut into
 * ranges. INT64 values beyond 2^53 fail, as the library reads them as numbers.
 *
 * A file that is damaged or cut off, or whose schema cannot be read with the one asked for, fails
 * the job: none of its records can be trusted to be complete.
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
  const reader = options.schema === undefined ? undefined : typeOf(options.schema)
  return {
    name: 'Avro',
    splittable: false,
    compressible: false,
    open: async (input) => {
      const container = new AvroContainer(input)
      const header = await container.header()
      return new AvroReader<T>(input, container, header, reader, options.convert)
    },
  }
}

class AvroReader<T> implements FormatReader<T> {
  readonly #input: FormatInput
  readonly #container: AvroContainer
  readonly #header: AvroHeader
  readonly #type: AvroType
  readonly #resolver: object | undefined
  readonly #convert: ((record: AvroRecord) => T | null) | undefined

  constructor(
    input: FormatInput,
    container: AvroContainer,
    header: AvroHeader,
    reader: AvroType | undefined,
    convert: ((record: AvroRecord) => T | null) | undefined,
  ) {
    this.#input = input
    this.#container = container
    this.#header = header
    this.#convert = convert
    try {
      const writer = typeOf(JSON.parse(header.schema))
      this.#type = reader ?? writer
      this.#resolver = reader?.createResolver(writer)
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause)
      throw container.corrupt(`its schema cannot be read with the one asked for (${what})`, cause)
    }
    if (input.split.position !== null) container.seek(input.split.position.offset)
  }

  async next(): Promise<FormatBlock<T> | undefined> {
    const block = await this.#container.next(this.#header.syncMarker)
    if (block === undefined) return undefined
    const bytes = await this.#decompressed(block.bytes)
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const entries: (T | BlockGap)[] = []
    let position = 0
    for (let i = 0; i < block.recordCount; i++) {
      const { value, offset } = this.#decode(buffer, position, block.offset)
      position = offset
      const record = value as AvroRecord
      entries.push(
        this.#convert === undefined ? (record as T) : (this.#convert(record) ?? LEFT_OUT),
      )
    }
    if (position !== bytes.length) {
      throw this.#container.corrupt(`the block at byte ${block.offset} holds more than its records`)
    }
    return { entries, hasGaps: this.#convert !== undefined, offset: block.offset, line: 0 }
  }

  async close(): Promise<void> {}

  #decode(bytes: Uint8Array, position: number, blockOffset: number): DecodedValue {
    let decoded: DecodedValue
    try {
      decoded = this.#type.decode(bytes, position, this.#resolver)
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause)
      throw this.#container.corrupt(`the block at byte ${blockOffset}: ${what}`, cause)
    }
    if (decoded.offset >= 0) return decoded
    throw this.#container.corrupt(`the block at byte ${blockOffset} ends inside a record`)
  }

  async #decompressed(bytes: Uint8Array): Promise<Uint8Array> {
    const { codec } = this.#header
    if (codec === 'null') return bytes
    const decompress = this.#decompressor(codec)
    try {
      return await decompress(bytes)
    } catch (cause) {
      throw this.#container.corrupt('a block cannot be decompressed', cause)
    }
  }

  #decompressor(codec: string): (bytes: Uint8Array) => Promise<Uint8Array> {
    const { decompressors, split } = this.#input
    if (codec === 'deflate') return inflateRaw
    if (codec === 'zstandard' && decompressors !== undefined) {
      return (bytes) => unzstd(decompressors, bytes)
    }
    throw new EngineError(
      ErrorCode.UNSUPPORTED,
      `${split.path} is compressed with ${codec}; ` +
        (codec === 'zstandard'
          ? 'pass `decompressors` to the file source'
          : 'write it with deflate, zstandard or without compression'),
    )
  }
}

async function unzstd(decompressors: Decompressors, bytes: Uint8Array): Promise<Uint8Array> {
  const stream = decompressors.stream('zstd')
  try {
    const head = await stream.write(bytes)
    const tail = await stream.end()
    const joined = new Uint8Array(head.length + tail.length)
    joined.set(head)
    joined.set(tail, head.length)
    return joined
  } finally {
    stream.close()
  }
}

function typeOf(schema: unknown): AvroType {
  try {
    return library.Type.forSchema(schema, { registry: {} })
  } catch (cause) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `not an Avro schema: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    )
  }
}

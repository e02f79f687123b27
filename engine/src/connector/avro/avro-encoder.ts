import { ByteWriter } from '../../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { utf8Encoder } from '../../base/text-codec.ts'
import type { Compressors } from '../../env/compressors.ts'
import type { Random } from '../../env/random.ts'
import { describeRecord } from '../../operator/describe-record.ts'
import type { BulkEncoder, BulkFile } from '../file-sink/file-encoder.ts'
import { AVRO_MAGIC, SYNC_SIZE_BYTES } from './avro-container.ts'
import { type AvroSchema, type AvroType, avroType } from './avro-schema.ts'

const BLOCK_SIZE_BYTES = 64 * 1024

/** A zlib stream is a header of two bytes, the deflated bytes, and a checksum of four. */
const ZLIB_HEADER_SIZE_BYTES = 2
const ZLIB_TRAILER_SIZE_BYTES = 4

/** Options of {@link avroEncoder}. */
export interface AvroEncoderOptions {
  /** How blocks are compressed. Default `null`, which is not at all. */
  readonly codec?: 'null' | 'deflate' | 'zstandard'
  /** Required for a codec that compresses: `nodeCompressors()`. */
  readonly compressors?: Compressors
  /** From how many bytes of records on a block is written. Default 64 KiB. */
  readonly blockSizeBytes?: number
}

/**
 * Avro object container files for `fileSink`. Each open file (one per bucket and subtask) holds a
 * block in memory; a file is closed at each checkpoint.
 *
 * Fields that the schema does not name are left out; fields that a record lacks get their default.
 * A record that does not fit is refused with TYPE_MISMATCH, which names the field; the job's record
 * error policy decides. Bytes may be any `Uint8Array`. A `long` is a number up to 2^53. A value of
 * a union stands for itself, or in `{ branch: value }` if the branches cannot be told apart.
 *
 * ```ts
 * const fields = [{ name: 'id', type: 'int' }]
 * const encode = avroEncoder<{ id: number }>({ type: 'record', name: 'Order', fields })
 * env.fromElements({ id: 1 }, { id: 2 }).sinkTo(fileSink({ path: 'out', encode }))
 * await env.execute()
 *
 * const orders = env.fromSource(fileSource({ path: 'out', format: avro<{ id: number }>() }))
 * await orders.map(({ id }) => id).executeAndCollect() // => [1, 2]
 * ```
 * @throws INVALID_ARGUMENT if the schema is no Avro schema (the message names the field), a codec
 *   lacks `compressors`, or the block size is not above 0
 * @see the Avro specification, "Object Container Files"
 */
export function avroEncoder<T extends object = Readonly<Record<string, unknown>>>(
  schema: AvroSchema,
  options: AvroEncoderOptions = {},
): BulkEncoder<T> {
  const { codec = 'null', compressors, blockSizeBytes = BLOCK_SIZE_BYTES } = options
  const compress = blockCodecs[codec]
  if (compress === undefined || (codec !== 'null' && compressors === undefined)) {
    const advice = compress === undefined ? `use ${Object.keys(blockCodecs).join(', ')}` : needed
    throw invalid(`the codec ${codec} cannot be written; ${advice}`)
  }
  if (!(Number.isSafeInteger(blockSizeBytes) && blockSizeBytes > 0)) {
    throw invalid(`blockSizeBytes is ${blockSizeBytes}; it must be above 0`)
  }
  const layout = {
    type: avroType(schema),
    schemaText: JSON.stringify(schema),
    hasBytes: /"(bytes|fixed)"/.test(JSON.stringify(schema)),
    codec,
    compress: (bytes: Uint8Array) => compress(bytes, compressors as Compressors),
    blockSizeBytes,
  }
  return { open: (random) => new AvroFile<T>(layout, random) }
}

const needed = 'pass `compressors: nodeCompressors()`, or leave out the codec'

const blockCodecs: Readonly<
  Record<string, (bytes: Uint8Array, compressors: Compressors) => Uint8Array>
> = {
  null: (bytes) => bytes,
  deflate: (bytes, compressors) =>
    compressors.block('deflate', bytes).subarray(ZLIB_HEADER_SIZE_BYTES, -ZLIB_TRAILER_SIZE_BYTES),
  zstandard: (bytes, compressors) => compressors.block('zstd', bytes),
}

/** What all files of an encoder have in common. */
interface AvroLayout {
  readonly type: AvroType
  readonly schemaText: string
  /** True if records may hold bytes, which the library takes as `Buffer` only. */
  readonly hasBytes: boolean
  readonly codec: string
  readonly compress: (bytes: Uint8Array) => Uint8Array
  readonly blockSizeBytes: number
}

// The class that the library works on; browsers have it only through a bundler.
declare const Buffer: {
  alloc(length: number): Uint8Array
  from(bytes: ArrayBufferLike, offset: number, length: number): Uint8Array
}

class AvroFile<T extends object> implements BulkFile<T> {
  readonly #layout: AvroLayout
  readonly #syncMarker: Uint8Array
  /** The records of the block; `#end` is where they end. */
  #block: Uint8Array
  #end = 0
  #recordCount = 0
  #isBegun = false

  constructor(layout: AvroLayout, random: Random) {
    this.#layout = layout
    this.#block = Buffer.alloc(layout.blockSizeBytes)
    this.#syncMarker = Uint8Array.from({ length: SYNC_SIZE_BYTES }, () => random.below(256))
  }

  add(value: T): Uint8Array | undefined {
    const { type, hasBytes, blockSizeBytes } = this.#layout
    const record = hasBytes ? withBuffers(value) : value
    let end: number
    try {
      end = type.encode(record, this.#block, this.#end)
      while (end < 0) {
        // What does not fit is not written, but counted.
        this.#grow(-end)
        end = type.encode(record, this.#block, this.#end)
      }
    } catch (cause) {
      throw mismatch(type, record, cause)
    }
    this.#end = end
    this.#recordCount++
    return end < blockSizeBytes ? undefined : this.#take()
  }

  finish(): Uint8Array {
    return this.#take()
  }

  #grow(missing: number): void {
    const block = Buffer.alloc(Math.max(2 * this.#block.length, this.#block.length + missing))
    block.set(this.#block.subarray(0, this.#end))
    this.#block = block
  }

  /** The block, with the header before the first one. */
  #take(): Uint8Array {
    const { compress, schemaText, codec } = this.#layout
    const writer = new ByteWriter(this.#end + 64)
    if (!this.#isBegun) {
      writeHeader(writer, { 'avro.schema': schemaText, 'avro.codec': codec }, this.#syncMarker)
    }
    this.#isBegun = true
    if (this.#recordCount > 0) {
      const bytes = compress(this.#block.subarray(0, this.#end))
      writer.zigzag(this.#recordCount)
      writer.zigzag(bytes.length)
      writer.bytes(bytes)
      writer.bytes(this.#syncMarker)
    }
    this.#end = 0
    this.#recordCount = 0
    return writer.view()
  }
}

function writeHeader(
  writer: ByteWriter,
  metadata: Readonly<Record<string, string>>,
  syncMarker: Uint8Array,
): void {
  const entries = Object.entries(metadata)
  writer.bytes(AVRO_MAGIC)
  writer.zigzag(entries.length)
  for (const text of entries.flat()) {
    const bytes = utf8(text)
    writer.zigzag(bytes.length)
    writer.bytes(bytes)
  }
  writer.zigzag(0)
  writer.bytes(syncMarker)
}

function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(3 * text.length)
  return bytes.subarray(0, utf8Encoder.encodeInto(text, bytes).written)
}

/** The value with every `Uint8Array` in the class that the library takes; nothing is copied. */
function withBuffers(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.length)
  }
  if (Array.isArray(value)) return value.map(withBuffers)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withBuffers(each)]))
}

/** The library says which value is wrong, but not where; a check says it. */
function mismatch(type: AvroType, record: unknown, cause: unknown): EngineError {
  let what = cause instanceof Error ? cause.message : String(cause)
  const errorHook = (
    path: readonly (string | number)[],
    value: unknown,
    wanted: AvroType,
  ): void => {
    const field = path.map((part) => (/^\d+$/.test(`${part}`) ? `[${part}]` : `.${part}`)).join('')
    const place = field === '' ? 'the record is' : `field '${field.slice(1)}' got`
    const shown = describeRecord(value).slice(0, 100)
    what = `${place} ${shown}, which is not of the Avro type ${nameOf(wanted)}`
    throw new FirstFault()
  }
  try {
    type.isValid(record, { errorHook })
  } catch {
    // The first fault is told.
  }
  return new EngineError(ErrorCode.TYPE_MISMATCH, `Avro record '${type.name}': ${what}`, { cause })
}

class FirstFault extends Error {}

function nameOf({ typeName, name, types }: AvroType): string {
  if (types !== undefined) return types.map(nameOf).join(' or ')
  return name === undefined ? typeName : `${typeName} ${name}`
}

function invalid(message: string): EngineError {
  return new EngineError(ErrorCode.INVALID_ARGUMENT, `Avro encoder: ${message}`)
}

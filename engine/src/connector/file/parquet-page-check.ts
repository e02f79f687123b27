import type { ColumnMetaData, FileMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import {
  getMaxDefinitionLevel,
  getMaxRepetitionLevel,
  getSchemaPath,
} from 'hyparquet/src/schema.js'

/** Writers do not count the size of a column alike; what matters is that no page is enormous. */
const SIZE_TOLERANCE_BYTES = 64 * 1024

type PageHeader = ReturnType<typeof parquetHeader>

/** What the footer says of a column chunk. */
interface Chunk {
  readonly metadata: ColumnMetaData
  readonly maxRepetitionLevel: number
  readonly maxDefinitionLevel: number
}

interface Page {
  readonly header: PageHeader
  readonly chunk: Chunk
}

/**
 * Looks at the pages of column chunks before the library decodes them: it trusts the sizes and run
 * lengths that stand in them, and one damaged byte may mean gigabytes or minutes. What is checked
 * here is that no page declares more than its chunk does, and that no run is longer than its page.
 */
export class ParquetPageCheck {
  readonly #chunks = new Map<number, Chunk>()
  /** The pages of the chunks that were read, by buffer and position. */
  readonly #pages = new WeakMap<ArrayBufferLike, Map<number, Page>>()

  constructor(metadata: FileMetaData) {
    const schema = metadata.schema
    for (const column of metadata.row_groups.flatMap((group) => group.columns)) {
      const chunk = column.meta_data
      if (chunk === undefined) continue
      const path = getSchemaPath(schema, chunk.path_in_schema)
      const start = chunk.dictionary_page_offset ?? chunk.data_page_offset
      this.#chunks.set(Number(start), {
        metadata: chunk,
        maxRepetitionLevel: getMaxRepetitionLevel(path),
        maxDefinitionLevel: getMaxDefinitionLevel(path),
      })
    }
  }

  /** Looks at the bytes of the file from `start` on. Throws if a page cannot be as it says. */
  checkChunk(start: number, buffer: ArrayBuffer): void {
    const chunk = this.#chunks.get(start)
    if (chunk === undefined) return
    const { total_uncompressed_size, num_values, codec } = chunk.metadata
    const sizeMax = 2 * Number(total_uncompressed_size) + SIZE_TOLERANCE_BYTES
    const reader = { view: new DataView(buffer), offset: 0 }
    const pages = new Map<number, Page>()
    while (reader.offset < buffer.byteLength - 1) {
      const header = parquetHeader(reader)
      const { compressed_page_size, uncompressed_page_size } = header
      const valueCount =
        (header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header)
          ?.num_values ?? 0
      const room = buffer.byteLength - reader.offset
      if (!(compressed_page_size >= 0 && compressed_page_size <= room)) {
        throw new Error(`a page of ${compressed_page_size} bytes has ${room} bytes left`)
      }
      if (!(uncompressed_page_size >= 0 && uncompressed_page_size <= sizeMax)) {
        throw new Error(`a page of ${uncompressed_page_size} bytes is larger than its column`)
      }
      if (!(valueCount >= 0 && valueCount <= num_values)) {
        throw new Error(`a page of ${valueCount} values is larger than its column`)
      }
      const page = { header, chunk }
      const bytes = new Uint8Array(buffer, reader.offset, compressed_page_size)
      const levelsLength = checkLevelsV2(page, bytes)
      const values = bytes.subarray(levelsLength)
      pages.set(values.byteOffset, page)
      const isPlain =
        codec === 'UNCOMPRESSED' || header.data_page_header_v2?.is_compressed === false
      if (isPlain) checkRuns(page, values)
      reader.offset += compressed_page_size
    }
    this.#pages.set(buffer, pages)
  }

  /** Looks at a page when it is decompressed. */
  checkPage(compressed: Uint8Array, bytes: Uint8Array): void {
    const page = this.#pages.get(compressed.buffer)?.get(compressed.byteOffset)
    if (page !== undefined) checkRuns(page, bytes)
  }
}

/** In version 2 the levels stand before what is compressed. Returns how long they are. */
function checkLevelsV2({ header, chunk }: Page, bytes: Uint8Array): number {
  const data = header.data_page_header_v2
  if (header.type !== 'DATA_PAGE_V2' || data === undefined) return 0
  const { num_values, num_nulls, num_rows } = data
  const repetition = data.repetition_levels_byte_length
  const definition = data.definition_levels_byte_length
  if (!(repetition >= 0 && definition >= 0 && repetition + definition <= bytes.length)) {
    throw new Error(`levels of ${repetition} and ${definition} bytes in a smaller page`)
  }
  if (!(num_nulls >= 0 && num_nulls <= num_values && num_rows >= 0 && num_rows <= num_values)) {
    throw new Error(`a page of ${num_values} values has ${num_nulls} nulls and ${num_rows} rows`)
  }
  const { maxRepetitionLevel, maxDefinitionLevel } = chunk
  if (maxRepetitionLevel > 0) {
    checkHybrid(bytes.subarray(0, repetition), 0, num_values, bitWidthOf(maxRepetitionLevel))
  }
  if (maxDefinitionLevel > 0) {
    const levels = bytes.subarray(repetition, repetition + definition)
    checkHybrid(levels, 0, num_values, bitWidthOf(maxDefinitionLevel))
  }
  return repetition + definition
}

function checkRuns({ header, chunk }: Page, bytes: Uint8Array): void {
  const data = header.data_page_header ?? header.data_page_header_v2
  if (header.type === 'DICTIONARY_PAGE' || data === undefined) return
  let at = 0
  if (header.type === 'DATA_PAGE') {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (const level of [chunk.maxRepetitionLevel, chunk.maxDefinitionLevel]) {
      if (level === 0) continue
      const length = view.getUint32(at, true)
      at += 4
      if (length > bytes.length - at) throw new Error(`levels of ${length} bytes in a smaller page`)
      checkHybrid(bytes, at, data.num_values, bitWidthOf(level))
      at += length
    }
  }
  if (data.encoding === 'RLE') checkHybrid(bytes, at + 4, data.num_values, 1)
  if (data.encoding === 'DELTA_BINARY_PACKED') checkDelta(bytes, at)
  const isDictionary = data.encoding === 'RLE_DICTIONARY' || data.encoding === 'PLAIN_DICTIONARY'
  if (isDictionary && at < bytes.length) {
    const bitWidth = bytes[at] as number
    if (bitWidth > 32) throw new Error(`dictionary indexes of ${bitWidth} bits`)
    if (bitWidth > 0) checkHybrid(bytes, at + 1, data.num_values, bitWidth)
  }
}

/** A block of deltas is cut into miniblocks, each with a width of one byte. */
function checkDelta(bytes: Uint8Array, at: number): void {
  const block = varintAt(bytes, at)
  const miniblocks = varintAt(bytes, block.end)
  if (miniblocks.value < 1 || miniblocks.value > bytes.length || block.value > 2 ** 20) {
    throw new Error(`a delta block of ${block.value} values in ${miniblocks.value} parts`)
  }
}

function bitWidthOf(level: number): number {
  return Math.ceil(Math.log2(level + 1))
}

function varintAt(
  bytes: Uint8Array,
  start: number,
): { readonly value: number; readonly end: number } {
  let value = 0
  let end = start
  for (let shift = 0; shift <= 35; shift += 7) {
    const byte = bytes[end++] ?? 0
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 128) break
  }
  return { value, end }
}

/** Follows run lengths without decoding: no run may hold more values than the page. */
function checkHybrid(bytes: Uint8Array, start: number, valueCount: number, bitWidth: number): void {
  let at = start
  for (let seen = 0; seen < valueCount && at < bytes.length; ) {
    const { value: header, end } = varintAt(bytes, at)
    at = end
    const isPacked = header % 2 === 1
    const count = Math.floor(header / 2) * (isPacked ? 8 : 1)
    // Packed values come in groups of eight, of which the last may be filled up.
    if (count - (isPacked ? 7 : 0) > valueCount || (count === 0 && at >= bytes.length)) {
      throw new Error(`a run of ${count} values in a page of ${valueCount}`)
    }
    at += isPacked ? (count / 8) * bitWidth : (bitWidth + 7) >> 3
    seen += count
  }
}

import type { ColumnMetaData, FileMetaData } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import {
  getMaxDefinitionLevel,
  getMaxRepetitionLevel,
  getSchemaPath,
} from 'hyparquet/src/schema.js'
import { crc32 } from '../../base/crc32.ts'
import { checkDeltaLengths, checkDeltaNumbers, checkDeltaTexts } from './parquet-delta-check.ts'
import { varintAt } from './parquet-varint.ts'

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
  /** Where its header starts in the file. */
  readonly at: number
}

/**
 * Looks at the pages of column chunks before the library decodes them: it trusts the sizes and run
 * lengths that stand in them, and one damaged byte may mean gigabytes or minutes. What is checked
 * here is that no page declares more than its chunk does, that no run is longer than its page, and
 * that a page with a checksum has the bytes it was written with. Errors name the column.
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
      // Some writers say 0 for no dictionary.
      const start = chunk.dictionary_page_offset || chunk.data_page_offset
      this.#chunks.set(Number(start), {
        metadata: chunk,
        maxRepetitionLevel: getMaxRepetitionLevel(path),
        maxDefinitionLevel: getMaxDefinitionLevel(path),
      })
    }
  }

  /**
   * Looks at the bytes of the file from `start` on, if they are those of one column chunk. Throws
   * if a page cannot be as it says.
   */
  checkChunk(start: number, buffer: ArrayBuffer): void {
    const chunk = this.#chunks.get(start)
    if (chunk === undefined || buffer.byteLength > chunk.metadata.total_compressed_size) return
    const reader = { view: new DataView(buffer), offset: 0 }
    const pages = new Map<number, Page>()
    let valueCount = 0
    while (reader.offset < buffer.byteLength - 1) {
      const at = start + reader.offset
      try {
        const header = parquetHeader(reader)
        valueCount += checkSizes(header, chunk, buffer.byteLength - reader.offset)
        const page = { header, chunk, at }
        const bytes = new Uint8Array(buffer, reader.offset, header.compressed_page_size)
        pages.set(checkStored(page, bytes), page)
        reader.offset += header.compressed_page_size
      } catch (cause) {
        throw inColumn(chunk, `page at byte ${at}: ${messageOf(cause)}`, cause)
      }
    }
    const { num_values } = chunk.metadata
    if (valueCount !== Number(num_values)) {
      throw inColumn(chunk, `pages of ${valueCount} values where there should be ${num_values}`)
    }
    this.#pages.set(buffer, pages)
  }

  /** Looks at a page when it is decompressed. */
  checkPage(compressed: Uint8Array, bytes: Uint8Array): void {
    const page = this.#pages.get(compressed.buffer)?.get(compressed.byteOffset)
    if (page === undefined) throw new Error('a page that no column chunk has')
    try {
      checkRuns(page, bytes)
    } catch (cause) {
      throw inColumn(page.chunk, `page at byte ${page.at}: ${messageOf(cause)}`, cause)
    }
  }
}

function inColumn({ metadata }: Chunk, what: string, cause?: unknown): Error {
  return new Error(`column '${metadata.path_in_schema.join('.')}', ${what}`, { cause })
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}

/**
 * Looks at what the header of a page declares. Returns how many values of the column it holds.
 *
 * @param room how many bytes of the chunk are left for the page
 */
function checkSizes(header: PageHeader, { metadata }: Chunk, room: number): number {
  const { total_uncompressed_size, num_values } = metadata
  const { compressed_page_size, uncompressed_page_size } = header
  const sizeMax = 2 * Number(total_uncompressed_size) + SIZE_TOLERANCE_BYTES
  const data = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : header.data_page_header
  const valueCount = (data ?? header.dictionary_page_header)?.num_values ?? 0
  if (!(compressed_page_size >= 0 && compressed_page_size <= room)) {
    throw new Error(`a page of ${compressed_page_size} bytes has ${room} bytes left`)
  }
  if (!(uncompressed_page_size >= 0 && uncompressed_page_size <= sizeMax)) {
    throw new Error(`a page of ${uncompressed_page_size} bytes is larger than its column`)
  }
  if (!(valueCount >= 0 && valueCount <= num_values)) {
    throw new Error(`a page of ${valueCount} values is larger than its column`)
  }
  return header.type === 'DATA_PAGE' || header.type === 'DATA_PAGE_V2' ? valueCount : 0
}

/** Looks at a page as it is stored. Returns where in the chunk its compressed part begins. */
function checkStored(page: Page, bytes: Uint8Array): number {
  const { header, chunk } = page
  if (header.crc !== undefined && crc32(bytes) !== header.crc >>> 0) {
    throw new Error('its bytes are not those of its checksum')
  }
  const values = bytes.subarray(checkLevelsV2(page, bytes))
  const isPlain =
    chunk.metadata.codec === 'UNCOMPRESSED' || header.data_page_header_v2?.is_compressed === false
  if (isPlain) checkRuns(page, values)
  return values.byteOffset
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
  const nullCountMax = chunk.maxDefinitionLevel > 0 ? num_values : 0
  if (!(num_nulls >= 0 && num_nulls <= nullCountMax && num_rows >= 0 && num_rows <= num_values)) {
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
  deltaChecks[data.encoding]?.(bytes, at, data.num_values)
  const isDictionary = data.encoding === 'RLE_DICTIONARY' || data.encoding === 'PLAIN_DICTIONARY'
  if (isDictionary && at < bytes.length) {
    const bitWidth = bytes[at] as number
    if (bitWidth > 32) throw new Error(`dictionary indexes of ${bitWidth} bits`)
    if (bitWidth > 0) checkHybrid(bytes, at + 1, data.num_values, bitWidth)
  }
}

/** A block of deltas is cut into miniblocks, each with a width of one byte. */
const deltaChecks: Readonly<
  Record<string, (bytes: Uint8Array, start: number, valueCount: number) => void>
> = {
  DELTA_BINARY_PACKED: checkDeltaNumbers,
  DELTA_LENGTH_BYTE_ARRAY: checkDeltaLengths,
  DELTA_BYTE_ARRAY: checkDeltaTexts,
}

function bitWidthOf(level: number): number {
  return Math.ceil(Math.log2(level + 1))
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

/// <reference types="node" />
import { crc32 } from 'node:zlib'
import { type FileMetaData, parquetMetadata } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { ByteWriter } from 'hyparquet-writer/src/bytewriter.js'
import { writePageHeader } from 'hyparquet-writer/src/datapage.js'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'

/** A file, and where the bytes of its pages are: those that a checksum covers. */
export interface ChecksummedFile {
  readonly bytes: Uint8Array
  readonly pages: readonly { readonly start: number; readonly end: number }[]
}

/** The same file with a checksum in each page header, which hyparquet-writer leaves out. */
export function withPageChecksums(bytes: Uint8Array): ChecksummedFile {
  const pages: { start: number; end: number }[] = []
  const buffer = bytes.slice().buffer
  const metadata: FileMetaData = parquetMetadata(buffer)
  const writer = new ByteWriter()
  writer.appendBytes(bytes.subarray(0, 4))
  for (const group of metadata.row_groups) {
    for (const column of group.columns) {
      const chunk = column.meta_data
      if (chunk === undefined) throw new Error('a column without metadata')
      const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset)
      const end = start + Number(chunk.total_compressed_size)
      const newStart = writer.offset
      const reader = { view: new DataView(buffer), offset: start }
      while (reader.offset < end) {
        if (reader.offset === Number(chunk.data_page_offset)) {
          chunk.data_page_offset = BigInt(writer.offset)
        }
        const header = parquetHeader(reader)
        const page = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size)
        writePageHeader(writer, { ...header, crc: crc32(page) | 0 })
        pages.push({ start: writer.offset, end: writer.offset + page.length })
        writer.appendBytes(page)
        reader.offset += header.compressed_page_size
      }
      if (chunk.dictionary_page_offset !== undefined) {
        chunk.dictionary_page_offset = BigInt(newStart)
      }
      chunk.total_compressed_size = BigInt(writer.offset - newStart)
      column.file_offset = BigInt(newStart)
      delete column.offset_index_offset
      delete column.column_index_offset
    }
  }
  writeMetadata(writer, metadata)
  writer.appendBytes(bytes.subarray(-4))
  return { bytes: writer.getBytes().slice(), pages }
}

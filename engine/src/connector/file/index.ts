/** `@millrace/engine/connector/file`: reads and writes files. */
export type {
  CompressionCodec,
  Decompression,
  Decompressors,
} from '../../env/decompressors.ts'
export {
  type CsvEncoderOptions,
  csvEncoder,
  type FileEncoder,
  jsonLinesEncoder,
  textEncoder,
} from '../file-sink/file-encoder.ts'
export { type FileSinkOptions, fileSink, type RollingOptions } from '../file-sink/file-sink.ts'
export { type CsvOptions, csv } from './csv.ts'
export type { CsvRow, CsvType, CsvValue } from './csv-columns.ts'
export type { FileFormat } from './file-format.ts'
export { type FileSourceOptions, fileSource } from './file-source.ts'
export { type JsonLinesOptions, jsonLines } from './json-lines.ts'
export { type ParquetOptions, type ParquetRow, parquet } from './parquet.ts'
export { type TextLinesOptions, textLines } from './text-lines.ts'

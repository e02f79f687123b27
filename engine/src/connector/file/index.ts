/** `@millrace/engine/connector/file`: reads and writes files. */

/** @public */
export type {
  CompressionCodec,
  Decompression,
  Decompressors,
} from '../../env/decompressors.ts'
/** @public */
export {
  type CsvEncoderOptions,
  csvEncoder,
  type FileEncoder,
  jsonLinesEncoder,
  textEncoder,
} from '../file-sink/file-encoder.ts'
/** @public */
export { type FileSinkOptions, fileSink, type RollingOptions } from '../file-sink/file-sink.ts'
/** @public */
export { type CsvOptions, csv } from './csv.ts'
/** @public */
export type { CsvRow, CsvType, CsvValue } from './csv-columns.ts'
/** @public */
export type { FileFormat } from './file-format.ts'
/** @public */
export { type FileSourceOptions, fileSource } from './file-source.ts'
/** @public */
export { type JsonLinesOptions, jsonLines } from './json-lines.ts'
/** @public */
export { type ParquetOptions, type ParquetRow, parquet } from './parquet.ts'
/** @public */
export { type TextLinesOptions, textLines } from './text-lines.ts'

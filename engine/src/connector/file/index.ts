/** `@millrace/engine/connector/file`: reads and writes files. */

/** @experimental */
export type { Compressors } from '../../env/compressors.ts'
/** @public */
export type {
  CompressionCodec,
  Decompression,
  Decompressors,
} from '../../env/decompressors.ts'
/** @experimental */
export type {
  DeserializationSchema,
  RecordCollector,
} from '../deserialization/deserialization-schema.ts'
/** @public */
export { type CsvEncoderOptions, csvEncoder } from '../file-sink/csv-encoder.ts'
/** @public */
export {
  type BulkEncoder,
  type BulkFile,
  type FileEncoder,
  jsonLinesEncoder,
  type RawEncoderOptions,
  rawEncoder,
  textEncoder,
} from '../file-sink/file-encoder.ts'
/** @public */
export { type FileSinkOptions, fileSink, type RollingOptions } from '../file-sink/file-sink.ts'
/** @experimental */
export {
  type ParquetColumn,
  type ParquetColumnType,
  type ParquetEncoderOptions,
  parquetEncoder,
} from '../file-sink/parquet-encoder.ts'
/** @experimental */
export type {
  ExtraFields,
  FieldSchema,
  FieldType,
  RecordSchema,
} from '../record-schema/record-schema.ts'
/** @experimental */
export type { TimestampFormat } from '../record-schema/timestamp-format.ts'
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
export type { InvalidBytes } from './line-decoder.ts'
/** @public */
export { type ParquetOptions, type ParquetRow, parquet } from './parquet.ts'
/** @public */
export { type RawFileOptions, rawFile } from './raw-file.ts'
/** @public */
export { type RawLinesOptions, rawLines } from './raw-lines.ts'
/** @public */
export { type LinesOptions, lines, type TextLinesOptions, textLines } from './text-lines.ts'

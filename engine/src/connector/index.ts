/**
 * `connector/` owns what brings records in and out: sources, sinks and file formats, a folder each. A
 * connector knows the source and sink interfaces of `operator/` and reaches the world through an
 * `Env`; it knows nothing of tasks or of the program's API.
 */
export { type CollectedRecords, type CollectTarget, collectSink } from './collect/collect-sink.ts'
export { type CollectionSourceOptions, collectionSource } from './collection/collection-source.ts'
export { sequenceSource } from './collection/sequence-source.ts'
export { type DatagenOptions, type DatagenRandom, datagenSource } from './datagen/datagen-source.ts'
export { discardSink } from './discard/discard-sink.ts'
export { type CsvOptions, csv } from './file/csv.ts'
export type { CsvRow, CsvType, CsvValue } from './file/csv-columns.ts'
export type { FileFormat } from './file/file-format.ts'
export { type FileSourceOptions, fileSource } from './file/file-source.ts'
export type { FilePosition, FileSplit } from './file/file-split.ts'
export { type JsonLinesOptions, jsonLines } from './file/json-lines.ts'
export { type ParquetOptions, type ParquetRow, parquet } from './file/parquet.ts'
export { type TextLinesOptions, textLines } from './file/text-lines.ts'
export type { FileCommittable, FileSinkState } from './file-sink/file-committable.ts'
export {
  type CsvEncoderOptions,
  csvEncoder,
  type FileEncoder,
  jsonLinesEncoder,
  textEncoder,
} from './file-sink/file-encoder.ts'
export { type FileSinkOptions, fileSink, type RollingOptions } from './file-sink/file-sink.ts'
export { type PrintSinkOptions, printSink } from './print/print-sink.ts'
export { type SocketTextSourceOptions, socketTextSource } from './socket/socket-text-source.ts'
export type { IndexRangeSplit } from './source-base/index-range-split.ts'
export {
  BlockGap,
  LEFT_OUT,
  type MalformedEntry,
  type RecordBlock,
  type SplitFetcher,
} from './source-base/record-block.ts'
export { SplitQueueEnumerator, type SplitQueueState } from './source-base/split-queue-enumerator.ts'
export { SplitReader, type SplitReaderOptions } from './source-base/split-reader.ts'

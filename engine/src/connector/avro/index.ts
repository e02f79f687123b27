/** `@millrace/engine/connector/avro`: reads and writes Avro files. Needs Node's `Buffer`. */

/** @experimental */
export { type AvroOptions, type AvroRecord, avro } from './avro.ts'
/** @experimental */
export { type AvroEncoderOptions, avroEncoder } from './avro-encoder.ts'
/** @experimental */
export type { AvroSchema } from './avro-schema.ts'

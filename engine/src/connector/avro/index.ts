/** `@millrace/engine/connector/avro`: reads Avro files. Needs Node's `Buffer`. */

/** @experimental */
export { type AvroOptions, type AvroRecord, avro } from './avro.ts'

import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'

/**
 * Turns the values of a type into bytes and back. Equal values give equal bytes (canonical), a
 * value takes one byte at least (so a count of values bounds their memory), and reading consumes
 * exactly the bytes that writing produced.
 */
export interface TypeSerializer<T> {
  /**
   * Appends the bytes of `value`.
   * @throws TYPE_MISMATCH if the value is not of this type; the message names the path inside it.
   */
  serialize(value: T, output: ByteWriter): void
  /**
   * Reads one value. Never trusts a length: it is checked against the bytes left before anything
   * is allocated.
   * @throws CORRUPT_DATA if the bytes are not those of a value of this type.
   */
  deserialize(input: ByteReader): T
  /** The description kept in a snapshot beside the bytes, to judge older bytes later. */
  readonly snapshot: SerializerSnapshot
}

/** A serializer's description inside a snapshot: plain JSON, versioned. */
export interface SerializerSnapshot {
  /** The kind of serializer: `string`, `row`, `generic`, or the name of a registered one. */
  readonly kind: string
  /** Version of the byte format of this kind. */
  readonly version: number
  /** Nested descriptions and parameters. */
  readonly parameters?: Readonly<Record<string, unknown>>
}

import { ByteReader } from '../base/byte-reader.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import { appendOrderedValue, type OrderedEncoding } from './ordered-encoding.ts'
import { readOrderedValue } from './ordered-reading.ts'

/**
 * How keys are encoded: plain data only, and -0 is the key 0 at every depth, because a user who
 * groups by a number takes the two for equal.
 */
export const KEY_ENCODING: OrderedEncoding = { zeros: 'merged', appendInstance: () => false }

/**
 * Appends the bytes of a key: equal exactly for equal keys, ending by themselves, and in the order
 * null < boolean < number < bigint < string < date < bytes < array < object (undefined is below).
 * @throws TYPE_MISMATCH if the key is not plain data; key by a field of it.
 */
export function appendKey(key: unknown, output: ByteWriter): void {
  appendOrderedValue(key, output, KEY_ENCODING)
}

/**
 * The bytes of a key, see {@link appendKey}.
 * @throws TYPE_MISMATCH if the key is not plain data; key by a field of it.
 */
export function encodeKey(key: unknown): Uint8Array<ArrayBuffer> {
  const output = new ByteWriter(32)
  appendKey(key, output)
  return output.toBytes()
}

/**
 * The key of exactly these bytes.
 * @throws CORRUPT_DATA if no key has these bytes.
 */
export function decodeKey(bytes: Uint8Array): unknown {
  const input = new ByteReader(bytes)
  const key = readOrderedValue(input)
  input.expectEnd()
  return key
}

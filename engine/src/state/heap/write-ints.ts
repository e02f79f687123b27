import type { ByteWriter } from '../../base/byte-writer.ts'
import { putZigzagInt } from '../../base/varint-word.ts'

/** How many numbers a writer is asked room for at once. */
const BLOCK = 2048

/** The most that a 32-bit integer takes. */
const MAX_BYTES = 5

/**
 * Writes 32-bit integers as the serializer of `int` would, one after another: a snapshot writes
 * every entry there is, and two calls for each take longer than its bytes.
 */
export function writeInts(numbers: Int32Array, output: ByteWriter): void {
  for (let first = 0; first < numbers.length; first += BLOCK) {
    const end = Math.min(first + BLOCK, numbers.length)
    const bytes = output.room((end - first) * MAX_BYTES)
    let at = output.length
    for (let i = first; i < end; i++) at = putZigzagInt(bytes, at, numbers[i] as number)
    output.extend(at)
  }
}

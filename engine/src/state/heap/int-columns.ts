import type { ByteWriter } from '../../base/byte-writer.ts'
import { putZigzagInt } from '../../base/zigzag.ts'
import type { TypeSerializer } from '../../types/type-serializer.ts'

/** How many entries a writer is asked room for at once. */
const BLOCK = 1024

/** The most that the key and the value of an entry take, if both are 32-bit integers. */
const MAX_ENTRY_BYTES = 10

/** Keys and values by slot, see `IntSlots.columns`. */
export interface IntColumns {
  readonly keys: Int32Array
  readonly numbers: Float64Array
}

/**
 * Writes the entries of a map of integers as its serializers would, straight from the columns: a
 * snapshot writes every entry there is, and two calls for each take longer than its bytes.
 * @param values the serializer for what is no 32-bit integer: it writes, or refuses
 */
export function writeIntColumns(
  { keys, numbers }: IntColumns,
  count: number,
  output: ByteWriter,
  values: TypeSerializer<unknown>,
): void {
  for (let first = 0; first < count; first += BLOCK) {
    const end = Math.min(first + BLOCK, count)
    let bytes = output.room((end - first) * MAX_ENTRY_BYTES)
    let at = output.length
    for (let slot = first; slot < end; slot++) {
      at = putZigzagInt(bytes, at, keys[slot] as number)
      const value = numbers[slot] as number
      if ((value | 0) === value) {
        at = putZigzagInt(bytes, at, value)
        continue
      }
      output.extend(at)
      values.serialize(value, output)
      bytes = output.room((end - slot) * MAX_ENTRY_BYTES)
      at = output.length
    }
    output.extend(at)
  }
}

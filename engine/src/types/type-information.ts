/**
 * `types/` owns what the engine knows of values: their types, their bytes, their equality, order
 * and hash. It knows nothing of operators or state tables.
 */
import type { ByteWriter } from '../base/byte-writer.ts'
import type { TypeSerializer } from './type-serializer.ts'

/**
 * What the engine knows of a type of values. Made by the factories of `types.ts` or inferred from
 * values. Equality, order and hash are those of the value's bytes, never of references.
 */
export interface TypeInformation<T> {
  /** The type as a reader would write it, for messages and plans: `row(id: string, n: int)`. */
  readonly name: string
  readonly serializer: TypeSerializer<T>
  /** True if `value` is of this type, looked at in depth: exactly if `serialize` takes it. */
  accepts(value: unknown): boolean
  /** True if the two are the same value: `NaN` equals `NaN`, `-0` differs from `0`. */
  equals(left: T, right: T): boolean
  /** Negative, zero or positive as `left` is below, equal to or above `right`. A total order. */
  compare(left: T, right: T): number
  /** A 32-bit unsigned hash; equal values have equal hashes. */
  hash(value: T): number
  /**
   * Appends the ordered bytes of `value`: they compare as the values do, end by themselves, and
   * are equal exactly if the values are. The other three methods are defined by them.
   * @throws TYPE_MISMATCH if the value is not of this type.
   */
  appendOrdered(value: T, output: ByteWriter): void
}

import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { appendOrderedString } from './ordered-encoding.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** A few known strings, each written as its place in the declaration. Ordered as strings. */
export class LiteralType<T extends string> extends ValueType<T> {
  readonly name: string
  readonly snapshot: SerializerSnapshot
  readonly #values: readonly T[]
  readonly #indexes: ReadonlyMap<unknown, number>

  constructor(values: readonly T[]) {
    super()
    this.#values = values
    this.#indexes = new Map(values.map((value, i) => [value, i]))
    if (values.length === 0 || this.#indexes.size !== values.length) {
      const shown = JSON.stringify(values)
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `literal needs one string or more, each once, not ${shown}`,
      )
    }
    this.name = values.map((value) => JSON.stringify(value)).join(' | ')
    this.snapshot = { kind: 'literal', version: 1, parameters: { values } }
  }

  accepts(value: unknown): boolean {
    return this.#indexes.has(value)
  }

  serialize(value: T, output: ByteWriter): void {
    const index = this.#indexes.get(value)
    if (index === undefined) throw mismatch(this.name, value)
    output.varint(index)
  }

  deserialize(input: ByteReader): T {
    const index = input.varint()
    const value = this.#values[index]
    if (value === undefined) throw input.corrupt(`literal ${index} of ${this.name}`)
    return value
  }

  appendOrdered(value: T, output: ByteWriter): void {
    if (!this.#indexes.has(value)) throw mismatch(this.name, value)
    appendOrderedString(value, output)
  }
}

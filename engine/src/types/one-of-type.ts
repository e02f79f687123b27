import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { TypeInformation } from './type-information.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** The values of several types. A value is written as the first type that accepts it. */
export class OneOfType<T> extends ValueType<T> {
  readonly name: string
  readonly #options: readonly TypeInformation<T>[]
  readonly #serializers: readonly TypeSerializer<T>[]

  constructor(options: readonly TypeInformation<T>[]) {
    super()
    if (options.length === 0) {
      throw new EngineError(ErrorCode.INVALID_ARGUMENT, 'oneOf needs at least one type')
    }
    this.name = `oneOf(${options.map((option) => option.name).join(', ')})`
    this.#options = options
    this.#serializers = options.map((option) => option.serializer)
  }

  get snapshot(): SerializerSnapshot {
    const options = this.#serializers.map((serializer) => serializer.snapshot)
    return { kind: 'oneOf', version: 1, parameters: { options } }
  }

  accepts(value: unknown): boolean {
    return this.#options.some((option) => option.accepts(value))
  }

  serialize(value: T, output: ByteWriter): void {
    const index = this.#indexOf(value)
    output.varint(index)
    this.#serializers[index]!.serialize(value, output)
  }

  deserialize(input: ByteReader): T {
    const index = input.varint()
    const serializer = this.#serializers[index]
    if (serializer === undefined) throw input.corrupt(`option ${index} of ${this.name}`)
    return serializer.deserialize(input)
  }

  appendOrdered(value: T, output: ByteWriter): void {
    this.#options[this.#indexOf(value)]!.appendOrdered(value, output)
  }

  #indexOf(value: T): number {
    const options = this.#options
    for (let i = 0; i < options.length; i++) if (options[i]!.accepts(value)) return i
    throw mismatch(this.name, value)
  }
}

import { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { appendOrderedInstance } from './ordered-encoding.ts'
import { borrowScratch, returnScratch } from './scratch-writer.ts'
import { mismatch } from './type-mismatch.ts'
import type { SerializerSnapshot } from './type-serializer.ts'
import { ValueType } from './value-type.ts'

/** A user's serializer for a class of their own. */
export interface CustomTypeOptions<T> {
  /** Unique in the job and kept for the life of its state: snapshots know the type by it. */
  readonly name: string
  /** Version of the byte format; raise it when `serialize` changes what it writes. */
  readonly version: number
  /** True for the values this type is for, such as `value instanceof Money`. */
  accepts(value: unknown): boolean
  /** Appends the bytes of a value. Values that count as equal must get equal bytes. */
  serialize(value: T, output: ByteWriter): void
  /** Makes a value, with its prototype, of the bytes `serialize` wrote, and of no more. */
  deserialize(input: ByteReader): T
}

/** Kinds of the engine's own serializers, which a custom type cannot be named after. */
const RESERVED_NAMES: ReadonlySet<string> = new Set(
  (
    'string boolean number int bigint date bytes array tuple row map set nullable optional ' +
    'oneOf literal generic'
  ).split(' '),
)

/**
 * A type with a serializer of the user. Its bytes stand behind their length, so a `deserialize`
 * that reads too much or too little is found out at once. Order is that of the bytes.
 */
export class CustomType<T> extends ValueType<T> {
  readonly name: string
  readonly snapshot: SerializerSnapshot
  readonly #options: CustomTypeOptions<T>

  constructor(options: CustomTypeOptions<T>) {
    super()
    if (options.name === '' || RESERVED_NAMES.has(options.name)) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `a custom type cannot be named "${options.name}"; take a name of your own`,
      )
    }
    if (!Number.isSafeInteger(options.version) || options.version < 0) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `version ${options.version} of custom type "${options.name}" is not an integer from 0`,
      )
    }
    this.name = options.name
    this.snapshot = { kind: options.name, version: options.version }
    this.#options = options
  }

  accepts(value: unknown): boolean {
    return this.#options.accepts(value)
  }

  serialize(value: T, output: ByteWriter): void {
    if (!this.#options.accepts(value)) throw mismatch(this.name, value)
    const lengthPosition = output.length
    output.u32(0)
    this.#options.serialize(value, output)
    output.patchU32(lengthPosition, output.length - lengthPosition - 4)
  }

  deserialize(input: ByteReader): T {
    const bytes = input.view(input.u32())
    const own = new ByteReader(bytes)
    let value: T
    try {
      value = this.#options.deserialize(own)
    } catch (error) {
      if (error instanceof EngineError) throw error
      throw new EngineError(
        ErrorCode.CORRUPT_DATA,
        `deserialize of custom type "${this.name}" failed on ${bytes.length} bytes: ${error}`,
        { cause: error },
      )
    }
    if (own.left > 0) {
      throw own.corrupt(`the end of custom type "${this.name}", with ${own.left} bytes not read`)
    }
    return value
  }

  appendOrdered(value: T, output: ByteWriter): void {
    if (!this.#options.accepts(value)) throw mismatch(this.name, value)
    const own = borrowScratch()
    try {
      this.#options.serialize(value, own)
      appendOrderedInstance(this.name, own.view(), output)
    } finally {
      returnScratch(own)
    }
  }
}

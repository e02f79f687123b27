import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { type CodecNode, isPlainName } from './codec/codec-node.ts'
import { readBitmap } from './codec/row-bitmap.ts'
import { OptionalType } from './optional-type.ts'
import { appendOrderedField, isPlainObject, ORDERED_END, OrderedTag } from './ordered-encoding.ts'
import type { TypeInformation } from './type-information.ts'
import { atStep, fieldStep, mismatch, TypeMismatch } from './type-mismatch.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'
import { codecNodeOf, interpreted, ValueType } from './value-type.ts'

type Fields = Record<string, unknown>

/**
 * Plain objects with declared fields. Bytes: one bit per optional field, eight to a byte, set when
 * the field is present; then the fields in declared order, the absent ones left out. Objects read
 * back have their fields in this order, whatever the order they were written from.
 */
export class RowType<T extends object> extends ValueType<T> {
  readonly name: string
  readonly #names: readonly string[]
  readonly #types: readonly TypeInformation<unknown>[]
  readonly #serializers: readonly TypeSerializer<unknown>[]
  /** The place of a field among the optional ones, -1 for a required field. */
  readonly #optionalIndexes: readonly number[]
  readonly #nameSet: ReadonlySet<string>
  readonly #bitmapBytes: number
  readonly #optionalCount: number
  /** Indexes of the fields sorted by name, as the ordered bytes want them. */
  readonly #sortedIndexes: readonly number[]

  constructor(fields: Readonly<Record<string, TypeInformation<unknown>>>) {
    super()
    const names = Object.keys(fields)
    const declared = names.map((name) => fields[name]!)
    if (names.includes('__proto__')) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        'a row cannot have a field named __proto__: it would replace the prototype; rename it',
      )
    }
    let optionalCount = 0
    this.#names = names
    this.#nameSet = new Set(names)
    this.#types = declared.map((type) => (type instanceof OptionalType ? type.present : type))
    this.#serializers = this.#types.map(interpreted)
    this.#optionalIndexes = declared.map((type) =>
      type instanceof OptionalType ? optionalCount++ : -1,
    )
    this.#bitmapBytes = names.length === 0 ? 1 : Math.ceil(optionalCount / 8)
    this.#optionalCount = optionalCount
    this.#sortedIndexes = names
      .map((_, i) => i)
      .sort((left, right) => (names[left]! < names[right]! ? -1 : 1))
    const shown = names.map(
      (name, i) => `${name}${this.#isOptional(i) ? '?' : ''}: ${this.#types[i]!.name}`,
    )
    this.name = `row(${shown.join(', ')})`
  }

  get snapshot(): SerializerSnapshot {
    const fields = this.#names.map((name, i) => ({
      name,
      optional: this.#isOptional(i),
      type: this.#serializers[i]!.snapshot,
    }))
    return { kind: 'row', version: 1, parameters: { fields } }
  }

  override get codecNode(): CodecNode {
    if (this.#names.length === 0 || !this.#names.every(isPlainName)) return super.codecNode
    const fields = this.#names.map((name, i) => ({
      name,
      isOptional: this.#isOptional(i),
      node: codecNodeOf(this.#types[i]!),
    }))
    return { kind: 'row', fields }
  }

  accepts(value: unknown): boolean {
    if (typeof value !== 'object' || value === null || !isPlainObject(value)) return false
    for (let i = 0; i < this.#names.length; i++) {
      const field = ownField(value as Fields, this.#names[i]!)
      if (field === undefined && this.#isOptional(i)) continue
      if (!this.#types[i]!.accepts(field)) return false
    }
    return this.#unknownField(value as Fields) === undefined
  }

  serialize(value: T, output: ByteWriter): void {
    const fields = this.#check(value)
    const names = this.#names
    const serializers = this.#serializers
    if (this.#bitmapBytes > 0) this.#writeBitmap(fields, output)
    let present = 0
    let i = 0
    try {
      for (; i < names.length; i++) {
        const field = ownField(fields, names[i]!)
        if (field === undefined && this.#optionalIndexes[i]! >= 0) continue
        serializers[i]!.serialize(field, output)
        present++
      }
    } catch (error) {
      throw atStep(error, fieldStep(names[i]!))
    }
    this.#refuseUnknownFields(fields, present)
  }

  deserialize(input: ByteReader): T {
    const names = this.#names
    const serializers = this.#serializers
    const value: Fields = {}
    if (this.#bitmapBytes === 0) {
      for (let i = 0; i < names.length; i++) value[names[i]!] = serializers[i]!.deserialize(input)
      return value as T
    }
    const bitmap = readBitmap(input, this.#optionalCount)
    for (let i = 0; i < names.length; i++) {
      const bit = this.#optionalIndexes[i]!
      if (bit >= 0 && (bitmap[bit >> 3]! & (1 << (bit & 7))) === 0) continue
      value[names[i]!] = serializers[i]!.deserialize(input)
    }
    return value as T
  }

  appendOrdered(value: T, output: ByteWriter): void {
    const fields = this.#check(value)
    output.u8(OrderedTag.OBJECT)
    let present = 0
    for (const i of this.#sortedIndexes) {
      const name = this.#names[i]!
      const field = ownField(fields, name)
      if (field === undefined && this.#isOptional(i)) continue
      appendOrderedField(name, output)
      try {
        this.#types[i]!.appendOrdered(field, output)
      } catch (error) {
        throw atStep(error, fieldStep(name))
      }
      present++
    }
    this.#refuseUnknownFields(fields, present)
    output.u8(ORDERED_END)
  }

  #isOptional(index: number): boolean {
    return this.#optionalIndexes[index]! >= 0
  }

  #check(value: T): Fields {
    if (typeof value !== 'object' || value === null || !isPlainObject(value)) {
      throw mismatch(this.name, value)
    }
    return value as Fields
  }

  #writeBitmap(fields: Fields, output: ByteWriter): void {
    let byte = 0
    let bit = 0
    for (let i = 0; i < this.#names.length; i++) {
      if (this.#optionalIndexes[i]! < 0) continue
      if (ownField(fields, this.#names[i]!) !== undefined) byte |= 1 << (bit & 7)
      if ((++bit & 7) === 0) {
        output.u8(byte)
        byte = 0
      }
    }
    if ((bit & 7) !== 0 || bit === 0) output.u8(byte)
  }

  /** Counting is enough while all is well; only a wrong count looks for the name. */
  #refuseUnknownFields(fields: Fields, present: number): void {
    let count = 0
    for (const _ in fields) count++
    if (count === present) return
    const unknown = this.#unknownField(fields)
    if (unknown === undefined) return
    throw new TypeMismatch(
      fieldStep(unknown),
      `no such field in ${this.name}; declare it, or drop it before this point`,
    )
  }

  #unknownField(fields: Fields): string | undefined {
    for (const name in fields) if (!this.#nameSet.has(name)) return name
    return undefined
  }
}

/** A field of a plain object; what it inherits, such as `toString`, are functions and no fields. */
function ownField(fields: Fields, name: string): unknown {
  const field = fields[name]
  return typeof field === 'function' && !Object.hasOwn(fields, name) ? undefined : field
}

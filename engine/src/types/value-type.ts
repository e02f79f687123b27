import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { codeGenerationAllowed } from '../base/generated-code.ts'
import { murmur32 } from '../base/murmur.ts'
import type { CodecNode } from './codec/codec-node.ts'
import { GeneratedSerializer } from './codec/generated-serializer.ts'
import { compareBytes } from './compare-bytes.ts'
import { borrowScratch, returnScratch } from './scratch-writer.ts'
import type { TypeInformation } from './type-information.ts'
import type { SerializerSnapshot, TypeSerializer } from './type-serializer.ts'

/**
 * What the types of this folder share: each is a serializer, and equality, order and hash follow
 * from the ordered bytes. A type overrides them where it can do so without bytes.
 *
 * A type that is made of others has code generated as its serializer, see `GeneratedSerializer`,
 * and is the interpreted twin of that code itself.
 */
export abstract class ValueType<T> implements TypeInformation<T>, TypeSerializer<T> {
  #serializer: TypeSerializer<T> | undefined
  abstract readonly name: string
  abstract readonly snapshot: SerializerSnapshot
  abstract accepts(value: unknown): boolean
  abstract serialize(value: T, output: ByteWriter): void
  abstract deserialize(input: ByteReader): T
  abstract appendOrdered(value: T, output: ByteWriter): void

  /** What generated code has to know; a leaf for what is written by one call. */
  get codecNode(): CodecNode {
    return { kind: 'leaf', serializer: this }
  }

  get serializer(): TypeSerializer<T> {
    this.#serializer ??= this.#makeSerializer()
    return this.#serializer
  }

  equals(left: T, right: T): boolean {
    return this.compare(left, right) === 0
  }

  compare(left: T, right: T): number {
    const output = borrowScratch()
    try {
      this.appendOrdered(left, output)
      const middle = output.length
      this.appendOrdered(right, output)
      const bytes = output.view()
      return compareBytes(bytes.subarray(0, middle), bytes.subarray(middle))
    } finally {
      returnScratch(output)
    }
  }

  hash(value: T): number {
    const output = borrowScratch()
    try {
      this.appendOrdered(value, output)
      return murmur32(output.view())
    } finally {
      returnScratch(output)
    }
  }

  #makeSerializer(): TypeSerializer<T> {
    const node = this.codecNode
    const isMadeOfOthers =
      'fields' in node || 'element' in node || 'elements' in node || 'value' in node
    return codeGenerationAllowed && isMadeOfOthers ? new GeneratedSerializer(this, node) : this
  }
}

/** What generated code has to know of a type, whoever has made it. */
export function codecNodeOf(type: TypeInformation<unknown>): CodecNode {
  return type instanceof ValueType ? type.codecNode : { kind: 'leaf', serializer: type.serializer }
}

/** The serializer of a type that is a part of another one, without generated code. */
export function interpreted<T>(type: TypeInformation<T>): TypeSerializer<T> {
  return type instanceof ValueType ? type : type.serializer
}

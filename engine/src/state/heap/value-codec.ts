import type { ByteReader } from '../../base/byte-reader.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import { IntType } from '../../types/int-type.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { SerializerSnapshot, TypeSerializer } from '../../types/type-serializer.ts'
import { StateMap } from './state-map.ts'

/** Finds the serializer that reads older bytes of the part `role`, or throws INCOMPATIBLE_STATE. */
export type ReaderOf = <T>(role: string, present: TypeSerializer<T>) => TypeSerializer<T>

/** Writes and reads the values of one kind of state. */
export interface ValueCodec<V> {
  /** The serializers inside the value, by role. */
  readonly serializers: Readonly<Record<string, SerializerSnapshot>>
  write(value: V, output: ByteWriter): void
  /** The part of a value that goes into a snapshot, undefined for none; all without it. */
  readonly pruneForSnapshot?: ((value: V) => V | undefined) | undefined
  /** A function that reads values written with the serializers that `readerOf` judges. */
  reader(readerOf: ReaderOf): (input: ByteReader) => V
}

/** Whatever has a serializer: a type, or a stamped type. */
export type SerializedBy<V> = Pick<TypeInformation<V>, 'serializer'>

/** The serializers of a table as JSON, equal for equal types. */
export function describeSerializers<V>(
  keySerializer: TypeSerializer<unknown>,
  codec: ValueCodec<V>,
): string {
  return JSON.stringify({ key: keySerializer.snapshot, ...codec.serializers })
}

type Serializers = Pick<ValueCodec<never>, 'serializers'>

/** True if two codecs of one kind of state have the same serializers. False says nothing. */
export function haveSameSerializers(left: Serializers, right: Serializers): boolean {
  for (const role in left.serializers) {
    if (left.serializers[role] !== right.serializers[role]) return false
  }
  return true
}

/** One value: of value, reducing and aggregating state, and of tables. */
export function singleValueCodec<V>(type: SerializedBy<V>): ValueCodec<V> {
  const serializer = type.serializer
  return {
    serializers: { value: serializer.snapshot },
    write: (value, output) => serializer.serialize(value, output),
    reader: (readerOf) => {
      const old = readerOf('value', serializer)
      return (input) => old.deserialize(input)
    },
  }
}

/** A list: its length and its elements. */
export function listCodec<T>(type: SerializedBy<T>): ValueCodec<T[]> {
  const serializer = type.serializer
  return {
    serializers: { element: serializer.snapshot },
    write: (list, output) => {
      output.varint(list.length)
      for (const element of list) serializer.serialize(element, output)
    },
    reader: (readerOf) => {
      const old = readerOf('element', serializer)
      return (input) => {
        const list: T[] = []
        const length = input.varint()
        for (let i = 0; i < length; i++) list.push(old.deserialize(input))
        return list
      }
    },
  }
}

/**
 * A map: its size and its entries in order of insertion.
 * @param intLimit see `StateMap`
 */
export function mapCodec<K, V>(
  keyType: SerializedBy<K>,
  valueType: SerializedBy<V>,
  intLimit: number,
): ValueCodec<StateMap<K, V>> {
  const keys = keyType.serializer
  const values = valueType.serializer
  const hasInts = keys instanceof IntType && values instanceof IntType
  return {
    serializers: { mapKey: keys.snapshot, mapValue: values.snapshot },
    write: (map, output) => {
      output.varint(map.size)
      if (hasInts && map.writeInts(output)) return
      map.forEach((key, value) => {
        keys.serialize(key, output)
        values.serialize(value, output)
      })
    },
    reader: (readerOf) => {
      const oldKeys = readerOf('mapKey', keys)
      const oldValues = readerOf('mapValue', values)
      return (input) => {
        const map = new StateMap<K, V>(intLimit)
        const size = input.varint()
        for (let i = 0; i < size; i++) {
          const key = oldKeys.deserialize(input)
          map.put(key, oldValues.deserialize(input))
        }
        return map
      }
    },
  }
}

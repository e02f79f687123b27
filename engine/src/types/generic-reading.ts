import type { ByteReader } from '../base/byte-reader.ts'
import { readBigint } from './bigint-bytes.ts'
import { readDate } from './date-type.ts'
import type { GenericFormat } from './generic-format.ts'
import { GenericTag } from './generic-tag.ts'
import { MAX_NESTING_DEPTH } from './nesting-limit.ts'
import { EntryOrderCheck } from './sorted-entries.ts'
import { isUnsafeField } from './unsafe-field.ts'

/**
 * Reads a value of the generic format.
 * @throws CORRUPT_DATA for unknown tags, wrong lengths, fields or entries out of order, unsafe
 * field names, unknown classes and data that nests too deep.
 */
export function readGeneric(input: ByteReader, format: GenericFormat, depth: number): unknown {
  const tag = input.u8()
  switch (tag) {
    case GenericTag.UNDEFINED:
      return undefined
    case GenericTag.NULL:
      return null
    case GenericTag.FALSE:
      return false
    case GenericTag.TRUE:
      return true
    case GenericTag.INT:
      return input.zigzag()
    case GenericTag.DOUBLE:
      return readDouble(input)
    case GenericTag.BIGINT:
      return readBigint(input)
    case GenericTag.STRING:
      return input.string()
    case GenericTag.DATE:
      return readDate(input)
    case GenericTag.BYTES:
      return input.bytes(input.count())
    default:
      if (depth >= MAX_NESTING_DEPTH) {
        throw input.corrupt(`data nested deeper than ${MAX_NESTING_DEPTH} levels`)
      }
      return readContainer(tag, input, format, depth + 1)
  }
}

function readDouble(input: ByteReader): number {
  const value = input.f64()
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    throw input.corrupt(`the integer ${value} as a double`)
  }
  return value
}

function readContainer(
  tag: number,
  input: ByteReader,
  format: GenericFormat,
  depth: number,
): unknown {
  switch (tag) {
    case GenericTag.ARRAY:
      return readArray(input, format, depth)
    case GenericTag.OBJECT:
      return readFields(input, format, depth)
    case GenericTag.MAP:
      return readMap(input, format, depth)
    case GenericTag.SET:
      return readSet(input, format, depth)
    case GenericTag.CUSTOM:
      return readInstance(input, format)
    default:
      throw input.corrupt(`tag ${tag}, which no kind of value has`)
  }
}

function readArray(input: ByteReader, format: GenericFormat, depth: number): unknown[] {
  const count = input.count()
  const value: unknown[] = []
  for (let i = 0; i < count; i++) value.push(readGeneric(input, format, depth))
  return value
}

function readFields(
  input: ByteReader,
  format: GenericFormat,
  depth: number,
): Record<string, unknown> {
  const count = input.count()
  const value: Record<string, unknown> = {}
  const canonical = format.order === 'canonical'
  let previous = ''
  for (let i = 0; i < count; i++) {
    const name = input.string()
    if (isUnsafeField(name)) throw input.corrupt(`a field named ${name}, which is not safe`)
    if (canonical ? i > 0 && name <= previous : Object.hasOwn(value, name)) {
      throw input.corrupt(`field ${JSON.stringify(name)} out of order`)
    }
    value[name] = readGeneric(input, format, depth)
    previous = name
  }
  return value
}

function readMap(input: ByteReader, format: GenericFormat, depth: number): Map<unknown, unknown> {
  const count = input.count()
  const value = new Map<unknown, unknown>()
  const order = format.order === 'canonical' ? new EntryOrderCheck(input) : undefined
  for (let i = 0; i < count; i++) {
    const key = readGeneric(input, format, depth)
    value.set(key, readGeneric(input, format, depth))
    order?.next()
  }
  if (value.size !== count) throw input.corrupt('a map with one key twice')
  return value
}

function readSet(input: ByteReader, format: GenericFormat, depth: number): Set<unknown> {
  const count = input.count()
  const value = new Set<unknown>()
  const order = format.order === 'canonical' ? new EntryOrderCheck(input) : undefined
  for (let i = 0; i < count; i++) {
    value.add(readGeneric(input, format, depth))
    order?.next()
  }
  if (value.size !== count) throw input.corrupt('a set with one element twice')
  return value
}

function readInstance(input: ByteReader, format: GenericFormat): unknown {
  const name = input.string()
  const type = format.registry.typeNamed(name)
  if (type === undefined) {
    throw input.corrupt(
      `an instance of ${JSON.stringify(name)}, for which no serializer is registered in this job`,
    )
  }
  return type.deserialize(input)
}

import type { ByteWriter } from '../base/byte-writer.ts'
import { writeBigint } from './bigint-bytes.ts'
import { className, describeValue } from './describe-value.ts'
import type { GenericFormat } from './generic-format.ts'
import { GenericTag } from './generic-tag.ts'
import { MAX_NESTING_DEPTH } from './nesting-limit.ts'
import { isPlainObject, tooDeep } from './ordered-encoding.ts'
import { borrowScratch, returnScratch } from './scratch-writer.ts'
import { sortEntries } from './sorted-entries.ts'
import { atStep, fieldStep, TypeMismatch } from './type-mismatch.ts'
import { refuseUnsafeField } from './unsafe-field.ts'

/**
 * Appends `value` in the generic format.
 * @throws TYPE_MISMATCH for functions, symbols, instances of classes not in the registry, fields
 * named `__proto__` or `constructor`, and data that nests too deep.
 */
export function writeGeneric(
  value: unknown,
  output: ByteWriter,
  format: GenericFormat,
  depth: number,
): void {
  switch (typeof value) {
    case 'string':
      output.u8(GenericTag.STRING)
      output.string(value)
      return
    case 'number':
      writeNumber(value, output)
      return
    case 'boolean':
      output.u8(value ? GenericTag.TRUE : GenericTag.FALSE)
      return
    case 'undefined':
      output.u8(GenericTag.UNDEFINED)
      return
    case 'bigint':
      output.u8(GenericTag.BIGINT)
      writeBigint(value, output)
      return
    case 'object':
      if (value === null) output.u8(GenericTag.NULL)
      else writeObject(value, output, format, depth)
      return
    default:
      throw new TypeMismatch('', `${describeValue(value)} is not data; drop it from the value`)
  }
}

/** True if {@link writeGeneric} takes `value`. */
export function acceptsGeneric(value: unknown, format: GenericFormat): boolean {
  if (typeof value !== 'object' || value === null) {
    return typeof value !== 'function' && typeof value !== 'symbol'
  }
  // The rules are many and this is no hot path: one statement of them is worth more than speed.
  const output = borrowScratch()
  try {
    writeGeneric(value, output, format, 0)
    return true
  } catch (error) {
    if (error instanceof TypeMismatch) return false
    throw error
  } finally {
    returnScratch(output)
  }
}

/** The error for an instance of a class that no one registered. */
export function unregistered(value: object): TypeMismatch {
  const name = className(value)
  return new TypeMismatch(
    '',
    `${name} is a class without a serializer; register one with ` +
      `registry.register(${name}, types.custom({ ... })), or use a plain object`,
  )
}

function writeNumber(value: number, output: ByteWriter): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) {
    output.u8(GenericTag.INT)
    output.zigzag(value)
  } else {
    output.u8(GenericTag.DOUBLE)
    output.f64(value)
  }
}

function writeObject(
  value: object,
  output: ByteWriter,
  format: GenericFormat,
  depth: number,
): void {
  if (depth >= MAX_NESTING_DEPTH) throw tooDeep()
  if (Array.isArray(value)) {
    writeArray(value, output, format, depth + 1)
    return
  }
  if (isPlainObject(value)) {
    writeFields(value as Readonly<Record<string, unknown>>, output, format, depth + 1)
    return
  }
  const type = format.registry.typeOf(value)
  if (type !== undefined) {
    output.u8(GenericTag.CUSTOM)
    output.string(type.name)
    type.serialize(value, output)
  } else if (value instanceof Date) {
    output.u8(GenericTag.DATE)
    output.f64(value.getTime())
  } else if (value instanceof Uint8Array) {
    output.u8(GenericTag.BYTES)
    output.varint(value.length)
    output.bytes(value)
  } else if (value instanceof Map) writeMap(value, output, format, depth + 1)
  else if (value instanceof Set) writeSet(value, output, format, depth + 1)
  else throw unregistered(value)
}

function writeArray(
  value: readonly unknown[],
  output: ByteWriter,
  format: GenericFormat,
  depth: number,
): void {
  output.u8(GenericTag.ARRAY)
  output.varint(value.length)
  let i = 0
  try {
    for (; i < value.length; i++) writeGeneric(value[i], output, format, depth)
  } catch (error) {
    throw atStep(error, `[${i}]`)
  }
}

function writeFields(
  value: Readonly<Record<string, unknown>>,
  output: ByteWriter,
  format: GenericFormat,
  depth: number,
): void {
  const names = Object.keys(value)
  if (format.order === 'canonical') names.sort()
  output.u8(GenericTag.OBJECT)
  output.varint(names.length)
  for (const name of names) {
    refuseUnsafeField(name)
    output.string(name)
    try {
      writeGeneric(value[name], output, format, depth)
    } catch (error) {
      throw atStep(error, fieldStep(name))
    }
  }
}

function writeMap(
  value: ReadonlyMap<unknown, unknown>,
  output: ByteWriter,
  format: GenericFormat,
  depth: number,
): void {
  output.u8(GenericTag.MAP)
  output.varint(value.size)
  const starts: number[] = []
  try {
    for (const [key, item] of value) {
      starts.push(output.length)
      writeGeneric(key, output, format, depth)
      writeGeneric(item, output, format, depth)
    }
  } catch (error) {
    throw atStep(error, `.entry(${starts.length - 1})`)
  }
  if (format.order === 'canonical') sortEntries(output, starts)
}

function writeSet(
  value: ReadonlySet<unknown>,
  output: ByteWriter,
  format: GenericFormat,
  depth: number,
): void {
  output.u8(GenericTag.SET)
  output.varint(value.size)
  const starts: number[] = []
  try {
    for (const element of value) {
      starts.push(output.length)
      writeGeneric(element, output, format, depth)
    }
  } catch (error) {
    throw atStep(error, `.element(${starts.length - 1})`)
  }
  if (format.order === 'canonical') sortEntries(output, starts)
}

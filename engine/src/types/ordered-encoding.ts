/**
 * The ordered bytes of values: comparing the bytes compares the values, whatever their kinds.
 *
 * A value is a tag, which orders the kinds, and a body that ends by itself:
 *
 * - number: the IEEE 754 bits, big-endian, sign bit flipped, all bits flipped when negative;
 *   one `NaN`, the greatest. A date is its milliseconds in this form.
 * - string: its UTF-16 units as one to three bytes each (as in UTF-8, surrogates one by one, which
 *   keeps the order of units), then 0. Units 0 and 1 are written 1 1 and 1 2. Bytes likewise.
 * - bigint: a head that grows with sign and length, the length, the magnitude, big-endian.
 * - array: its elements, then 0. Object: for each field by name a 1, name, value; then 0.
 * - map and set: entries by their bytes, then 0.
 *
 * State on disk has this form, so it changes only together with the format version of snapshots.
 */
import type { ByteWriter } from '../base/byte-writer.ts'
import { writeHex } from './bigint-bytes.ts'
import { describeValue } from './describe-value.ts'
import { MAX_NESTING_DEPTH } from './nesting-limit.ts'
import { sortEntries } from './sorted-entries.ts'
import { atStep, fieldStep, TypeMismatch } from './type-mismatch.ts'
import { refuseUnsafeField } from './unsafe-field.ts'

/** The first byte of a value by its kind, in the order of kinds. Gaps leave room for more. */
export const OrderedTag = {
  UNDEFINED: 0x10,
  NULL: 0x18,
  FALSE: 0x20,
  TRUE: 0x21,
  NUMBER: 0x28,
  BIGINT: 0x30,
  STRING: 0x38,
  DATE: 0x40,
  BYTES: 0x48,
  ARRAY: 0x50,
  OBJECT: 0x58,
  MAP: 0x60,
  SET: 0x68,
  CUSTOM: 0x70,
} as const

/** Ends arrays, objects, maps and sets; below every tag, so a prefix sorts first. */
export const ORDERED_END = 0x00

/** Stands before each field of an object. */
export const ORDERED_FIELD = 0x01

/** How to encode what the plain rules leave open. */
export interface OrderedEncoding {
  /** `apart` keeps -0 below 0, `merged` writes both as 0. */
  readonly zeros: 'apart' | 'merged'
  /** Writes an instance of a class and returns true, or returns false if it is not known. */
  appendInstance(value: object, output: ByteWriter): boolean
}

/** Every double is a value of its own, and there are no instances of classes. */
export const PLAIN_ENCODING: OrderedEncoding = { zeros: 'apart', appendInstance: () => false }

/**
 * Appends the ordered bytes of any plain value.
 * @throws TYPE_MISMATCH for functions, symbols, unknown instances and too deep or cyclic values.
 */
export function appendOrderedValue(
  value: unknown,
  output: ByteWriter,
  encoding: OrderedEncoding = PLAIN_ENCODING,
  depth: number = 0,
): void {
  switch (typeof value) {
    case 'string':
      appendOrderedString(value, output)
      return
    case 'number':
      appendOrderedNumber(encoding.zeros === 'merged' ? value + 0 : value, output)
      return
    case 'boolean':
      output.u8(value ? OrderedTag.TRUE : OrderedTag.FALSE)
      return
    case 'bigint':
      appendOrderedBigint(value, output)
      return
    case 'undefined':
      output.u8(OrderedTag.UNDEFINED)
      return
    case 'object':
      if (value === null) output.u8(OrderedTag.NULL)
      else appendObject(value, output, encoding, depth)
      return
    default:
      throw new TypeMismatch('', `${describeValue(value)} has no bytes; use plain data`)
  }
}

/** Appends the ordered bytes of a number, with -0 below 0. */
export function appendOrderedNumber(value: number, output: ByteWriter): void {
  output.u8(OrderedTag.NUMBER)
  appendDouble(value, output)
}

/** Appends the ordered bytes of a date; an invalid one is above all others. */
export function appendOrderedDate(value: Date, output: ByteWriter): void {
  output.u8(OrderedTag.DATE)
  appendDouble(value.getTime(), output)
}

/** Appends the ordered bytes of a string. */
export function appendOrderedString(value: string, output: ByteWriter): void {
  output.u8(OrderedTag.STRING)
  appendText(value, output)
}

/** Appends the ordered bytes of bytes. */
export function appendOrderedBytes(value: Uint8Array, output: ByteWriter): void {
  output.u8(OrderedTag.BYTES)
  appendEscaped(value, output)
}

/** Appends the ordered bytes of a bigint. */
export function appendOrderedBigint(value: bigint, output: ByteWriter): void {
  output.u8(OrderedTag.BIGINT)
  const negative = value < 0n
  const mask = negative ? 0xff : 0
  const magnitude = negative ? -value : value
  const hex = magnitude === 0n ? '' : magnitude.toString(16)
  const byteLength = (hex.length + 1) >> 1
  const lengthBytes = byteLength === 0 ? 0 : (39 - Math.clz32(byteLength)) >> 3
  output.u8((0x80 | lengthBytes) ^ mask)
  for (let i = lengthBytes - 1; i >= 0; i--) output.u8((byteLength >>> (8 * i)) ^ mask)
  writeHex(hex, output, mask)
}

/** Appends the start of a field of an object: its marker and its name. */
export function appendOrderedField(name: string, output: ByteWriter): void {
  output.u8(ORDERED_FIELD)
  appendText(name, output)
}

/** Appends an instance of a class: its registered name and the bytes of its own serializer. */
export function appendOrderedInstance(name: string, bytes: Uint8Array, output: ByteWriter): void {
  output.u8(OrderedTag.CUSTOM)
  appendText(name, output)
  appendEscaped(bytes, output)
}

const doubleBits = new DataView(new ArrayBuffer(8))

/** The sign bit of a double in its first byte, the lowest of the word that is read of it. */
export const DOUBLE_SIGN = 0x80

function appendDouble(value: number, output: ByteWriter): void {
  doubleBits.setFloat64(0, Number.isNaN(value) ? Number.NaN : value)
  const first = doubleBits.getInt32(0, true)
  const isNegative = (first << 24) >> 31
  output.u32(first ^ (isNegative | DOUBLE_SIGN))
  output.u32(doubleBits.getInt32(4, true) ^ isNegative)
}

function appendText(value: string, output: ByteWriter): void {
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit < 0x80) {
      if (unit < 2) output.u8(1)
      output.u8(unit < 2 ? unit + 1 : unit)
    } else if (unit < 0x800) {
      output.u8(0xc0 | (unit >> 6))
      output.u8(0x80 | (unit & 0x3f))
    } else {
      output.u8(0xe0 | (unit >> 12))
      output.u8(0x80 | ((unit >> 6) & 0x3f))
      output.u8(0x80 | (unit & 0x3f))
    }
  }
  output.u8(ORDERED_END)
}

function appendEscaped(value: Uint8Array, output: ByteWriter): void {
  for (let i = 0; i < value.length; i++) {
    const byte = value[i]!
    if (byte < 2) output.u8(1)
    output.u8(byte < 2 ? byte + 1 : byte)
  }
  output.u8(ORDERED_END)
}

function appendObject(
  value: object,
  output: ByteWriter,
  encoding: OrderedEncoding,
  depth: number,
): void {
  if (depth >= MAX_NESTING_DEPTH) throw tooDeep()
  if (Array.isArray(value)) appendArray(value, output, encoding, depth)
  else if (isPlainObject(value)) appendFields(value, output, encoding, depth)
  else if (encoding.appendInstance(value, output)) return
  else if (value instanceof Date) appendOrderedDate(value, output)
  else if (value instanceof Uint8Array) appendOrderedBytes(value, output)
  else if (value instanceof Map) appendMap(value, output, encoding, depth)
  else if (value instanceof Set) appendSet(value, output, encoding, depth)
  else {
    throw new TypeMismatch('', `${describeValue(value)} is not plain data; use a field of it`)
  }
}

/** True for objects made by a literal or without a prototype: nothing is lost with their class. */
export function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The error for a value that nests beyond the limit, most often because it holds itself. */
export function tooDeep(): TypeMismatch {
  return new TypeMismatch('', `nested deeper than ${MAX_NESTING_DEPTH} levels, or cyclic`)
}

function appendArray(
  value: readonly unknown[],
  output: ByteWriter,
  encoding: OrderedEncoding,
  depth: number,
): void {
  output.u8(OrderedTag.ARRAY)
  let i = 0
  try {
    for (; i < value.length; i++) appendOrderedValue(value[i], output, encoding, depth + 1)
  } catch (error) {
    throw atStep(error, `[${i}]`)
  }
  output.u8(ORDERED_END)
}

function appendFields(
  value: object,
  output: ByteWriter,
  encoding: OrderedEncoding,
  depth: number,
): void {
  const fields = value as Readonly<Record<string, unknown>>
  output.u8(OrderedTag.OBJECT)
  for (const name of Object.keys(fields).sort()) {
    refuseUnsafeField(name)
    appendOrderedField(name, output)
    try {
      appendOrderedValue(fields[name], output, encoding, depth + 1)
    } catch (error) {
      throw atStep(error, fieldStep(name))
    }
  }
  output.u8(ORDERED_END)
}

function appendMap(
  value: ReadonlyMap<unknown, unknown>,
  output: ByteWriter,
  encoding: OrderedEncoding,
  depth: number,
): void {
  output.u8(OrderedTag.MAP)
  const starts: number[] = []
  for (const [key, item] of value) {
    starts.push(output.length)
    appendOrderedValue(key, output, encoding, depth + 1)
    appendOrderedValue(item, output, encoding, depth + 1)
  }
  sortEntries(output, starts)
  output.u8(ORDERED_END)
}

function appendSet(
  value: ReadonlySet<unknown>,
  output: ByteWriter,
  encoding: OrderedEncoding,
  depth: number,
): void {
  output.u8(OrderedTag.SET)
  const starts: number[] = []
  for (const element of value) {
    starts.push(output.length)
    appendOrderedValue(element, output, encoding, depth + 1)
  }
  sortEntries(output, starts)
  output.u8(ORDERED_END)
}

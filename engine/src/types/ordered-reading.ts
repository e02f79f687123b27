import type { ByteReader } from '../base/byte-reader.ts'
import { readMagnitude } from './bigint-bytes.ts'
import { MAX_NESTING_DEPTH } from './nesting-limit.ts'
import { ORDERED_END, ORDERED_FIELD, OrderedTag } from './ordered-encoding.ts'
import { EntryOrderCheck } from './sorted-entries.ts'
import { isUnsafeField } from './unsafe-field.ts'

/**
 * Reads the plain value whose ordered bytes follow.
 * @throws CORRUPT_DATA if no plain value has these bytes.
 */
export function readOrderedValue(input: ByteReader): unknown {
  return readTagged(input.u8(), input, 0)
}

function readTagged(tag: number, input: ByteReader, depth: number): unknown {
  switch (tag) {
    case OrderedTag.UNDEFINED:
      return undefined
    case OrderedTag.NULL:
      return null
    case OrderedTag.FALSE:
      return false
    case OrderedTag.TRUE:
      return true
    case OrderedTag.NUMBER:
      return readDouble(input)
    case OrderedTag.BIGINT:
      return readOrderedBigint(input)
    case OrderedTag.STRING:
      return readText(input)
    case OrderedTag.DATE:
      return readOrderedDate(input)
    case OrderedTag.BYTES:
      return readEscaped(input)
    default:
      if (depth >= MAX_NESTING_DEPTH) {
        throw input.corrupt(`data nested deeper than ${MAX_NESTING_DEPTH} levels`)
      }
      return readContainer(tag, input, depth + 1)
  }
}

function readContainer(tag: number, input: ByteReader, depth: number): unknown {
  switch (tag) {
    case OrderedTag.ARRAY:
      return readElements(input, depth)
    case OrderedTag.OBJECT:
      return readFields(input, depth)
    case OrderedTag.MAP:
      return readMap(input, depth)
    case OrderedTag.SET:
      return readSet(input, depth)
    default:
      throw input.corrupt(`tag ${tag}, which no kind of plain value has`)
  }
}

const doubleBits = new DataView(new ArrayBuffer(8))

function readDouble(input: ByteReader): number {
  const bytes = input.view(8)
  const mask = (bytes[0]! & 0x80) === 0 ? 0xff : 0
  for (let i = 0; i < 8; i++) doubleBits.setUint8(i, bytes[i]! ^ mask)
  if (mask === 0) doubleBits.setUint8(0, bytes[0]! ^ 0x80)
  const value = doubleBits.getFloat64(0)
  if (Number.isNaN(value) && doubleBits.getBigUint64(0) !== CANONICAL_NAN) {
    throw input.corrupt('a NaN that is not the only one')
  }
  return value
}

const CANONICAL_NAN = 0x7ff8000000000000n

function readOrderedDate(input: ByteReader): Date {
  const ms = readDouble(input)
  const date = new Date(ms)
  if (!Object.is(date.getTime(), ms)) throw input.corrupt(`${ms} ms, which no date has`)
  return date
}

function readOrderedBigint(input: ByteReader): bigint {
  const head = input.u8()
  const negative = head < 0x80
  const mask = negative ? 0xff : 0
  const lengthBytes = (head ^ mask) & 0x7f
  if (lengthBytes > 4) throw input.corrupt(`a bigint whose length takes ${lengthBytes} bytes`)
  let byteLength = 0
  for (let i = 0; i < lengthBytes; i++) {
    byteLength = byteLength * 256 + (input.u8() ^ mask)
    if (byteLength === 0) throw input.corrupt('a bigint whose length starts with a zero byte')
  }
  if (negative && byteLength === 0) throw input.corrupt('a negative zero as bigint')
  const magnitude = readMagnitude(input, byteLength, mask)
  return negative ? -magnitude : magnitude
}

/** Below the number of arguments that every engine takes in one call. */
const UNITS_PER_CALL = 4096

function readText(input: ByteReader): string {
  let text = ''
  let units: number[] = []
  for (let first = input.u8(); first !== ORDERED_END; first = input.u8()) {
    units.push(readUnit(first, input))
    if (units.length < UNITS_PER_CALL) continue
    text += String.fromCharCode(...units)
    units = []
  }
  return text + String.fromCharCode(...units)
}

function readUnit(first: number, input: ByteReader): number {
  if (first === 1) return readEscape(input)
  if (first < 0x80) return first
  if (first < 0xc2 || first >= 0xf0) throw input.corrupt(`byte ${first} in text`)
  if (first < 0xe0) return ((first & 0x1f) << 6) | readContinuation(input)
  const unit = ((first & 0x0f) << 12) | (readContinuation(input) << 6) | readContinuation(input)
  if (unit < 0x800) throw input.corrupt('an overlong form in text')
  return unit
}

function readContinuation(input: ByteReader): number {
  const byte = input.u8()
  if ((byte & 0xc0) !== 0x80) throw input.corrupt('an incomplete sequence in text')
  return byte & 0x3f
}

function readEscape(input: ByteReader): number {
  const escaped = input.u8()
  if (escaped !== 1 && escaped !== 2) throw input.corrupt(`an escape of ${escaped}`)
  return escaped - 1
}

function readEscaped(input: ByteReader): Uint8Array {
  const bytes: number[] = []
  for (let byte = input.u8(); byte !== ORDERED_END; byte = input.u8()) {
    bytes.push(byte === 1 ? readEscape(input) : byte)
  }
  return Uint8Array.from(bytes)
}

function readElements(input: ByteReader, depth: number): unknown[] {
  const value: unknown[] = []
  for (let tag = input.u8(); tag !== ORDERED_END; tag = input.u8()) {
    value.push(readTagged(tag, input, depth))
  }
  return value
}

function readFields(input: ByteReader, depth: number): Record<string, unknown> {
  const value: Record<string, unknown> = {}
  let previous: string | undefined
  for (let mark = input.u8(); mark !== ORDERED_END; mark = input.u8()) {
    if (mark !== ORDERED_FIELD) throw input.corrupt(`byte ${mark} where a field starts`)
    const name = readText(input)
    if (isUnsafeField(name)) throw input.corrupt(`a field named ${name}, which is not safe`)
    if (previous !== undefined && name <= previous) throw input.corrupt('a field out of order')
    value[name] = readTagged(input.u8(), input, depth)
    previous = name
  }
  return value
}

function readMap(input: ByteReader, depth: number): Map<unknown, unknown> {
  const value = new Map<unknown, unknown>()
  const order = new EntryOrderCheck(input)
  let count = 0
  for (let tag = input.u8(); tag !== ORDERED_END; tag = input.u8()) {
    const key = readTagged(tag, input, depth)
    value.set(key, readTagged(input.u8(), input, depth))
    order.next()
    count++
  }
  if (value.size !== count) throw input.corrupt('a map with one key twice')
  return value
}

function readSet(input: ByteReader, depth: number): Set<unknown> {
  const value = new Set<unknown>()
  const order = new EntryOrderCheck(input)
  let count = 0
  for (let tag = input.u8(); tag !== ORDERED_END; tag = input.u8()) {
    value.add(readTagged(tag, input, depth))
    order.next()
    count++
  }
  if (value.size !== count) throw input.corrupt('a set with one element twice')
  return value
}

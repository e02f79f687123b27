/**
 * WTF-8: UTF-8 that also carries unpaired surrogates, so every JavaScript string survives. A
 * well-formed string has the same bytes as in UTF-8.
 *
 * @see https://wtf-8.codeberg.page
 */
import { EngineError, ErrorCode } from './engine-error.ts'

/** How many bytes {@link writeWtf8} writes for `value`. */
export function wtf8ByteLength(value: string): number {
  let byteLength = 0
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit < 0x80) byteLength += 1
    else if (unit < 0x800) byteLength += 2
    else if (isLead(unit) && isTrail(value.charCodeAt(i + 1))) {
      byteLength += 4
      i++
    } else byteLength += 3
  }
  return byteLength
}

/**
 * Writes the bytes of `value` at `offset`. The caller has made room for {@link wtf8ByteLength}.
 * @returns the offset behind the last byte written.
 */
export function writeWtf8(value: string, target: Uint8Array, offset: number): number {
  let at = offset
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit < 0x80) {
      target[at++] = unit
    } else if (unit < 0x800) {
      target[at++] = 0xc0 | (unit >> 6)
      target[at++] = 0x80 | (unit & 0x3f)
    } else if (isLead(unit) && isTrail(value.charCodeAt(i + 1))) {
      const point = 0x10000 + ((unit & 0x3ff) << 10) + (value.charCodeAt(++i) & 0x3ff)
      target[at++] = 0xf0 | (point >> 18)
      target[at++] = 0x80 | ((point >> 12) & 0x3f)
      target[at++] = 0x80 | ((point >> 6) & 0x3f)
      target[at++] = 0x80 | (point & 0x3f)
    } else {
      target[at++] = 0xe0 | (unit >> 12)
      target[at++] = 0x80 | ((unit >> 6) & 0x3f)
      target[at++] = 0x80 | (unit & 0x3f)
    }
  }
  return at
}

/** Below the number of arguments that every engine takes in one call. */
const UNITS_PER_CALL = 4096

/**
 * Reads the string whose bytes lie from `start` to `end`. Strict: one string has one form.
 * @throws CORRUPT_DATA for truncated sequences, overlong forms, code points above U+10FFFF and a
 * surrogate pair written as two units.
 */
export function readWtf8(source: Uint8Array, start: number, end: number): string {
  let text = ''
  let units: number[] = []
  let previousLead = -1
  let at = start
  while (at < end) {
    const size = sequenceLength(source[at]!)
    const point = size > 0 && at + size <= end ? readPoint(source, at, size) : -1
    if (point < 0) throw malformed(at, 'is not the start of a complete, shortest sequence')
    if (isTrail(point) && previousLead === at) throw malformed(at, 'completes a pair of two units')
    at += size
    previousLead = isLead(point) ? at : -1
    if (point < 0x10000) units.push(point)
    else units.push(0xd7c0 + (point >> 10), 0xdc00 + (point & 0x3ff))
    if (units.length >= UNITS_PER_CALL) {
      text += String.fromCharCode(...units)
      units = []
    }
  }
  return text + String.fromCharCode(...units)
}

/** The length of the sequence that starts with `first`, 0 if none does. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2) return 0 // a continuation byte, or an overlong form
  if (first < 0xe0) return 2
  if (first < 0xf0) return 3
  return first < 0xf5 ? 4 : 0
}

/** The code point of the sequence at `at`, -1 if it is not in its shortest form. */
function readPoint(source: Uint8Array, at: number, size: number): number {
  const first = source[at]!
  if (size === 1) return first
  let point = first & (0x7f >> size)
  for (let i = 1; i < size; i++) {
    const next = source[at + i]!
    if ((next & 0xc0) !== 0x80) return -1
    point = (point << 6) | (next & 0x3f)
  }
  if (size === 3) return point < 0x800 ? -1 : point
  if (size === 4) return point < 0x10000 || point > 0x10ffff ? -1 : point
  return point
}

function isLead(unit: number): boolean {
  return (unit & ~0x3ff) === 0xd800
}

function isTrail(unit: number): boolean {
  return (unit & ~0x3ff) === 0xdc00
}

function malformed(at: number, problem: string): EngineError {
  return new EngineError(
    ErrorCode.CORRUPT_DATA,
    `text is not WTF-8: the byte at position ${at} ${problem}`,
  )
}

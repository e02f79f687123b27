import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import { TypeMismatch } from './type-mismatch.ts'

/** Engines stop at about 2^30 bits; this bound keeps the failure ours, and clear. */
const MAX_BIGINT_BYTES = 64 * 1024 * 1024

/**
 * Appends a bigint: a varint of twice the number of magnitude bytes, plus one if negative, and the
 * magnitude in its shortest form, big-endian.
 * @throws TYPE_MISMATCH beyond 64 MiB.
 */
export function writeBigint(value: bigint, output: ByteWriter): void {
  const negative = value < 0n
  const hex = value === 0n ? '' : (negative ? -value : value).toString(16)
  const byteLength = (hex.length + 1) >> 1
  if (byteLength > MAX_BIGINT_BYTES) {
    throw new TypeMismatch('', `a bigint of ${byteLength} bytes, more than ${MAX_BIGINT_BYTES}`)
  }
  output.varint(byteLength * 2 + (negative ? 1 : 0))
  writeHex(hex, output, 0)
}

/** Appends the bytes that `hex` stands for, a missing first digit being 0, each xor `mask`. */
export function writeHex(hex: string, output: ByteWriter, mask: number): void {
  let at = 0
  if (hex.length % 2 === 1) {
    output.u8(hexDigit(hex, 0) ^ mask)
    at = 1
  }
  for (; at < hex.length; at += 2) {
    output.u8(((hexDigit(hex, at) << 4) | hexDigit(hex, at + 1)) ^ mask)
  }
}

/**
 * Reads a bigint of {@link writeBigint}.
 * @throws CORRUPT_DATA if it is longer than the bytes left or not in its shortest form.
 */
export function readBigint(input: ByteReader): bigint {
  const head = input.varint()
  const negative = head % 2 === 1
  const byteLength = Math.floor(head / 2)
  const magnitude = readMagnitude(input, byteLength, 0)
  if (negative && byteLength === 0) throw input.corrupt('a negative zero as bigint')
  return negative ? -magnitude : magnitude
}

/** Reads a magnitude of `byteLength` bytes, each xor `mask`, that must not start with a zero. */
export function readMagnitude(input: ByteReader, byteLength: number, mask: number): bigint {
  if (byteLength > MAX_BIGINT_BYTES) throw input.corrupt(`a bigint of ${byteLength} bytes`)
  if (byteLength === 0) return 0n
  const bytes = input.view(byteLength)
  if ((bytes[0]! ^ mask) === 0) throw input.corrupt('a bigint with a leading zero byte')
  if (byteLength <= 6) {
    let value = 0
    for (let i = 0; i < byteLength; i++) value = value * 256 + (bytes[i]! ^ mask)
    return BigInt(value)
  }
  let hex = '0x'
  for (let i = 0; i < byteLength; i++) hex += BYTE_HEX[bytes[i]! ^ mask]
  return BigInt(hex)
}

const BYTE_HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

function hexDigit(hex: string, at: number): number {
  const unit = hex.charCodeAt(at)
  return unit < 0x3a ? unit - 0x30 : unit - 0x57
}

import type { ByteReader } from '../../base/byte-reader.ts'

/**
 * Reads which optional fields of a row are present, one bit each.
 * @throws CORRUPT_DATA for a bit that stands for no field.
 */
export function readBitmap(input: ByteReader, optionalCount: number): Uint8Array {
  const byteLength = Math.max(1, Math.ceil(optionalCount / 8))
  const bitmap = input.view(byteLength)
  const lastBits = optionalCount - (byteLength - 1) * 8
  if ((bitmap[byteLength - 1] as number) >> lastBits !== 0) {
    throw input.corrupt('a bit set for an optional field that is not there')
  }
  return bitmap
}

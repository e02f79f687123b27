/**
 * Writes an unsigned 32-bit word as a varint, where there is room for five bytes: for those who ask
 * a writer for room once and then write many.
 * @returns the offset behind the last byte written
 */
export function putVarintWord(bytes: Uint8Array, at: number, word: number): number {
  let rest = word | 0
  let next = at
  while ((rest & ~0x7f) !== 0) {
    bytes[next++] = 0x80 | (rest & 0x7f)
    rest >>>= 7
  }
  bytes[next++] = rest
  return next
}

/** As {@link putVarintWord}, of a 32-bit integer in the form of `ByteWriter.zigzag`. */
export function putZigzagInt(bytes: Uint8Array, at: number, value: number): number {
  return putVarintWord(bytes, at, (value << 1) ^ (value >> 31))
}

/**
 * Writes a 32-bit integer as `ByteWriter.zigzag` does, where there is room for five bytes: for
 * loops over columns, which ask a writer for room once.
 * @returns the offset behind the last byte written.
 */
export function putZigzagInt(bytes: Uint8Array, at: number, value: number): number {
  let rest = (value << 1) ^ (value >> 31)
  let next = at
  while ((rest & ~0x7f) !== 0) {
    bytes[next++] = 0x80 | (rest & 0x7f)
    rest >>>= 7
  }
  bytes[next++] = rest
  return next
}

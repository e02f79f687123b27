/** A varint (unsigned LEB128) of a Parquet page, and where it ends; its last bits may be lost. */
export function varintAt(
  bytes: Uint8Array,
  start: number,
  lengthMax: number = 6,
): { readonly value: number; readonly end: number } {
  let value = 0
  let end = start
  for (let length = 0; length < lengthMax; length++) {
    const byte = bytes[end++] ?? 0
    value += (byte & 0x7f) * 2 ** (7 * length)
    if (byte < 128) break
  }
  return { value, end }
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** The bytes as base64 text with padding (RFC 4648), for bytes inside JSON. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const word =
      (bytes[at]! << 16) | ((left > 1 ? bytes[at + 1]! : 0) << 8) | (left > 2 ? bytes[at + 2]! : 0)
    text += DIGITS[word >> 18]! + DIGITS[(word >> 12) & 63]!
    text += left > 1 ? DIGITS[(word >> 6) & 63]! : '='
    text += left > 2 ? DIGITS[word & 63]! : '='
  }
  return text
}

/** The bytes that {@link toBase64} wrote; undefined if the text is not such. */
export function fromBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  if (text.length % 4 !== 0) return undefined
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let word = 0
  for (let at = 0; at < text.length; at++) {
    const isPadding = at >= text.length - padding
    const digit = isPadding ? 0 : DIGITS.indexOf(text[at]!)
    if (digit < 0) return undefined
    word = (word << 6) | digit
    if (at % 4 < 3) continue
    const to = ((at - 3) / 4) * 3
    bytes[to] = word >> 16
    if (to + 1 < bytes.length) bytes[to + 1] = word >> 8
    if (to + 2 < bytes.length) bytes[to + 2] = word
    word = 0
  }
  return bytes
}

/** A JSON value as bytes of ASCII only; every string survives, unpaired surrogates included. */
export function encodeAsciiJson(value: unknown): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return encodeAscii(text)
}

/** The bytes of a text of ASCII. */
export function encodeAscii(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

/** The text of bytes of ASCII; other bytes become the characters of the same number. */
export function decodeAscii(bytes: Uint8Array): string {
  let text = ''
  const pieceBytes = 4096
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    text += String.fromCharCode(...bytes.subarray(at, at + pieceBytes))
  }
  return text
}

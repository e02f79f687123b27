import { readLatin1 } from './latin1.ts'

/**
 * Moves whole strings into and out of bytes, as many units a call as there are. Node does it with
 * its own buffers; the portable loops serve everywhere else.
 */
export interface TextBytes {
  /**
   * Writes the units of a string, one byte each, from `at` on, where there is room for all.
   * @returns false if one is not below 0x80, a byte would lose it; some bytes may be written then
   */
  writeAscii(text: string, target: Uint8Array, at: number): boolean
  /** Reads bytes below 0x80 as units. */
  readAscii(bytes: Uint8Array, start: number, end: number): string
  /** Writes units of two bytes, little-endian; no unpaired surrogate is lost. */
  writeUnits(text: string, target: Uint8Array, at: number): void
  /** Reads units of two bytes, little-endian. */
  readUnits(bytes: Uint8Array, start: number, end: number): string
}

/** Loops over the units: correct on every platform, several times slower than a platform's own. */
export const portableTextBytes: TextBytes = {
  writeAscii(text, target, at) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) return false
      target[at + i] = unit
    }
    return true
  },
  readAscii: readLatin1,
  writeUnits(text, target, at) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      target[at + 2 * i] = unit & 0xff
      target[at + 2 * i + 1] = unit >>> 8
    }
  },
  readUnits(bytes, start, end) {
    let text = ''
    for (let at = start; at < end; at += 2) {
      text += String.fromCharCode((bytes[at] as number) | ((bytes[at + 1] as number) << 8))
    }
    return text
  },
}

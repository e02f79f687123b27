/// <reference types="node" />
import { Buffer } from 'node:buffer'
import type { TextBytes } from '../../base/text-bytes.ts'

/** Whole strings in one call each, by Node's buffers. */
export const nodeTextBytes: TextBytes = {
  isAscii: (text) => Buffer.byteLength(text, 'utf8') === text.length,
  writeAscii(text, target, at) {
    bufferOf(target).latin1Write(text, at)
  },
  readAscii: (bytes, start, end) => bufferOf(bytes).latin1Slice(start, end),
  writeUnits(text, target, at) {
    bufferOf(target).ucs2Write(text, at)
  },
  readUnits: (bytes, start, end) => bufferOf(bytes).ucs2Slice(start, end),
}

interface TextBuffer {
  latin1Write(text: string, at: number): number
  latin1Slice(start: number, end: number): string
  ucs2Write(text: string, at: number): number
  ucs2Slice(start: number, end: number): string
}

/** The methods of buffers work on any bytes; a buffer over the same memory costs an object. */
function bufferOf(bytes: Uint8Array): TextBuffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as TextBuffer
}

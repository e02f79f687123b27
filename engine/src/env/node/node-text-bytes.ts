/// <reference types="node" />
import { Buffer } from 'node:buffer'
import type { TextBytes } from '../../base/text-bytes.ts'
import { utf8Encoder } from '../../base/text-codec.ts'

/** Whole strings in one call each, by Node's buffers. */
export const nodeTextBytes: TextBytes = {
  writeAscii(text, target, at) {
    // One pass. Every other unit takes two bytes or more: where there is one, not all are read.
    const room = target.subarray(at, at + text.length)
    return utf8Encoder.encodeInto(text, room).read === text.length
  },
  readAscii: (bytes, start, end) => bufferOf(bytes).latin1Slice(start, end),
  writeUnits(text, target, at) {
    bufferOf(target).ucs2Write(text, at)
  },
  readUnits: (bytes, start, end) => bufferOf(bytes).ucs2Slice(start, end),
}

interface TextBuffer {
  latin1Slice(start: number, end: number): string
  ucs2Write(text: string, at: number): number
  ucs2Slice(start: number, end: number): string
}

/** The methods of buffers work on any bytes; a buffer over the same memory costs an object. */
function bufferOf(bytes: Uint8Array): TextBuffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as TextBuffer
}

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
  readAscii: (bytes, start, end) => latin1Slice.call(bytes, start, end),
  writeUnits(text, target, at) {
    ucs2Write.call(target, text, at)
  },
  readUnits: (bytes, start, end) => ucs2Slice.call(bytes, start, end),
}

interface TextBuffer {
  latin1Slice(this: Uint8Array, start: number, end: number): string
  ucs2Write(this: Uint8Array, text: string, at: number): number
  ucs2Slice(this: Uint8Array, start: number, end: number): string
}

/** The methods of buffers work on any bytes: a buffer over the same memory would cost an object. */
const { latin1Slice, ucs2Write, ucs2Slice } = Buffer.prototype as unknown as TextBuffer

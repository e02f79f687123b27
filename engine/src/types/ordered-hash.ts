import { murmur32, murmurFinish, murmurMix } from '../base/murmur.ts'
import {
  appendOrderedValue,
  DOUBLE_SIGN,
  type OrderedEncoding,
  OrderedTag,
} from './ordered-encoding.ts'
import { borrowScratch, returnScratch } from './scratch-writer.ts'

const doubleBits = new DataView(new ArrayBuffer(8))

/**
 * The murmur hash of the ordered bytes of a number, without making them. Hot: words that are handed
 * over by an object or an array would cost a third more.
 */
export function hashOrderedNumber(value: number): number {
  doubleBits.setFloat64(0, Number.isNaN(value) ? Number.NaN : value)
  // Words of the bytes as they stand, so that none has to be swapped.
  const firstBits = doubleBits.getInt32(0, true)
  const isNegative = (firstBits << 24) >> 31
  const first = firstBits ^ (isNegative | DOUBLE_SIGN)
  const second = doubleBits.getInt32(4, true) ^ isNegative
  // Nine bytes: the tag pushes the eight of the double by one.
  let hash = murmurMix(0, OrderedTag.NUMBER | (first << 8))
  hash = murmurMix(hash, (first >>> 24) | (second << 8))
  return murmurFinish(hash, second >>> 24, 9)
}

/** The murmur hash of the ordered bytes of a string, without making them. */
export function hashOrderedString(value: string): number {
  let hash = 0
  let word: number = OrderedTag.STRING
  let byteLength = 1
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i)
    if (unit < 2 || unit >= 0x80) return hashOrderedBytes(value)
    word |= unit << ((byteLength & 3) << 3)
    if ((++byteLength & 3) === 0) {
      hash = murmurMix(hash, word)
      word = 0
    }
  }
  byteLength++ // the terminator, a zero
  if ((byteLength & 3) === 0) return murmurFinish(murmurMix(hash, word), 0, byteLength)
  return murmurFinish(hash, word, byteLength)
}

/** The murmur hash of the ordered bytes of any plain value. */
export function hashOrderedBytes(value: unknown, encoding?: OrderedEncoding): number {
  const output = borrowScratch()
  try {
    appendOrderedValue(value, output, encoding)
    return murmur32(output.view())
  } finally {
    returnScratch(output)
  }
}

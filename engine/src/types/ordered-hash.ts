import { murmur32, murmurFinish, murmurMix } from '../base/murmur.ts'
import {
  appendOrderedValue,
  type OrderedEncoding,
  OrderedTag,
  orderDouble,
  orderedDouble,
  swapBytes,
} from './ordered-encoding.ts'
import { borrowScratch, returnScratch } from './scratch-writer.ts'

/** The murmur hash of the ordered bytes of a number, without making them. */
export function hashOrderedNumber(value: number): number {
  orderDouble(value)
  const high = swapBytes(orderedDouble.high)
  const low = swapBytes(orderedDouble.low)
  // Nine bytes: the tag pushes the eight of the double by one.
  let hash = murmurMix(0, OrderedTag.NUMBER | (high << 8))
  hash = murmurMix(hash, (high >>> 24) | (low << 8))
  return murmurFinish(hash, low >>> 24, 9)
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

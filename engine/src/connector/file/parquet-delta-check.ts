import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { varintAt } from './parquet-varint.ts'

/** Writers use blocks of 128 values. */
const BLOCK_SIZE_MAX = 2 ** 20

/** The widest value is an INT64. */
const BIT_WIDTH_MAX = 64

/** A prefix repeats bytes that stand there once, so few bytes may become very many. */
const EXPANDED_SIZE_BYTES_MAX = 256 * 1024 * 1024

/** Numbers in the encoding DELTA_BINARY_PACKED: how many, and where they end. */
interface DeltaRun {
  readonly count: number
  readonly end: number
}

/**
 * Follows numbers in the encoding DELTA_BINARY_PACKED from `start` on, without decoding them.
 *
 * @param valueCount how many there may be at most
 * @throws an error if they cannot be as they say
 */
export function checkDeltaNumbers(bytes: Uint8Array, start: number, valueCount: number): DeltaRun {
  const block = varintAt(bytes, start)
  const miniblock = varintAt(bytes, block.end)
  const total = varintAt(bytes, miniblock.end)
  const size = block.value / miniblock.value
  const isPossible =
    block.value <= BLOCK_SIZE_MAX && size >= 1 && Number.isInteger(size) && size % 8 === 0
  if (!isPossible || miniblock.value > bytes.length || total.value > valueCount) {
    throw new Error(
      `a delta block of ${block.value} values in ${miniblock.value} parts, ` +
        `${total.value} values for ${valueCount}`,
    )
  }
  let at = varintAt(bytes, total.end, 10).end
  for (let left = total.value - 1; left > 0; ) {
    const widths = varintAt(bytes, at, 10).end
    at = widths + miniblock.value
    if (at > bytes.length) throw new Error('a delta block that ends early')
    for (let i = 0; i < miniblock.value && left > 0; i++, left -= size) {
      const width = bytes[widths + i] as number
      if (width > BIT_WIDTH_MAX) throw new Error(`delta values of ${width} bits`)
      at += (size / 8) * width
      // The last part may be cut short behind its last value.
      const padding = left < size ? ((size - left) * width) / 8 : 0
      if (at - padding > bytes.length) throw new Error('delta values that end early')
    }
  }
  return { count: total.value, end: at }
}

/** Follows texts in the encoding DELTA_LENGTH_BYTE_ARRAY: their lengths, then their bytes. */
export function checkDeltaLengths(bytes: Uint8Array, start: number, valueCount: number): void {
  const run = checkDeltaNumbers(bytes, start, valueCount)
  const room = bytes.length - run.end
  let total = 0
  for (const length of numbersOf(bytes, start, run)) {
    total += length
    if (length < 0 || total > room) {
      throw new Error(`a text of ${length} bytes has ${room - total + length} bytes left`)
    }
  }
}

/**
 * Follows texts in the encoding DELTA_BYTE_ARRAY: how much of the text before is repeated, then the
 * lengths of the rest, then the rest.
 */
export function checkDeltaTexts(bytes: Uint8Array, start: number, valueCount: number): void {
  const prefixes = checkDeltaNumbers(bytes, start, valueCount)
  const suffixes = checkDeltaNumbers(bytes, prefixes.end, valueCount)
  if (prefixes.count !== suffixes.count) {
    throw new Error(`${prefixes.count} beginnings for ${suffixes.count} texts`)
  }
  const prefixLengths = numbersOf(bytes, start, prefixes)
  let room = bytes.length - suffixes.end
  let length = 0
  let expanded = 0
  numbersOf(bytes, prefixes.end, suffixes).forEach((suffix, index) => {
    const prefix = prefixLengths[index] as number
    if (prefix < 0 || prefix > length) {
      throw new Error(`a text repeats ${prefix} of ${length} bytes`)
    }
    if (suffix < 0 || suffix > room) {
      throw new Error(`a text of ${suffix} bytes has ${room} bytes left`)
    }
    room -= suffix
    length = prefix + suffix
    expanded += length
    if (expanded > EXPANDED_SIZE_BYTES_MAX) {
      throw new Error(`texts of more than ${EXPANDED_SIZE_BYTES_MAX} bytes in one page`)
    }
  })
}

/** The numbers of a run that was checked. */
function numbersOf(bytes: Uint8Array, start: number, { count }: DeltaRun): Int32Array {
  const numbers = new Int32Array(count)
  if (count === 0) return numbers
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  deltaBinaryUnpack({ view, offset: start }, count, numbers)
  return numbers
}

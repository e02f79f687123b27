import fc from 'fast-check'
import { ByteWriter as ParquetWriter } from 'hyparquet-writer/src/bytewriter.js'
import { deltaBinaryPack } from 'hyparquet-writer/src/delta.js'
import { expect, test } from 'vitest'
import { checkDeltaLengths, checkDeltaNumbers, checkDeltaTexts } from './parquet-delta-check.ts'

function packed(...lists: readonly (readonly number[])[]): Uint8Array {
  const writer = new ParquetWriter()
  for (const list of lists) deltaBinaryPack(writer, Int32Array.from(list), 'INT32')
  return writer.getBytes().slice()
}

const withBytes = (head: Uint8Array, length: number): Uint8Array => {
  const bytes = new Uint8Array(head.length + length)
  bytes.set(head)
  return bytes
}

test('the check ends where the numbers end', () => {
  const property = fc.property(
    fc.array(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 300 }),
    (numbers) => {
      const bytes = packed(numbers)
      const { count, end } = checkDeltaNumbers(withBytes(bytes, 9), 0, numbers.length)
      expect(count).toBe(numbers.length)
      expect(end).toBe(bytes.length)
      expect(() => checkDeltaNumbers(bytes, 0, numbers.length - 1)).toThrow('a delta block of 128')
    },
  )
  fc.assert(property, { seed: 3, numRuns: 200 })
})

test.each<[string, () => void, string]>([
  ['no parts', () => checkDeltaNumbers(Uint8Array.of(128, 1, 0, 5, 0), 0, 9), 'in 0 parts'],
  ['an empty block', () => checkDeltaNumbers(Uint8Array.of(0, 4, 5, 0), 0, 9), 'block of 0 values'],
  [
    'a huge block',
    () => checkDeltaNumbers(Uint8Array.of(0x80, 0x80, 0x80, 0x10, 4, 5, 0), 0, 9),
    'a delta block of 33554432 values',
  ],
  ['wide values', () => checkDeltaNumbers(Uint8Array.of(32, 1, 9, 0, 0, 200), 0, 9), 'of 200 bits'],
  ['an early end', () => checkDeltaNumbers(Uint8Array.of(32, 1, 9, 0, 0, 8, 1), 0, 9), 'end early'],
  [
    'a length beyond the page',
    () => checkDeltaLengths(withBytes(packed([2, 3, 4]), 8), 0, 3),
    'a text of 4 bytes has 3 bytes left',
  ],
  [
    'a negative length',
    () => checkDeltaLengths(withBytes(packed([2, -1]), 8), 0, 3),
    'a text of -1 bytes has 6 bytes left',
  ],
  [
    'more repeated than there was',
    () => checkDeltaTexts(withBytes(packed([0, 5], [4, 1]), 5), 0, 2),
    'a text repeats 5 of 4 bytes',
  ],
  [
    'a first text that repeats',
    () => checkDeltaTexts(withBytes(packed([2 ** 30], [0]), 0), 0, 1),
    'a text repeats 1073741824 of 0 bytes',
  ],
  [
    'more lengths than texts',
    () => checkDeltaTexts(withBytes(packed([0, 0, 0], [1, 1]), 2), 0, 3),
    '3 beginnings for 2 texts',
  ],
  [
    'texts that repeat a long one without end',
    () => {
      const count = 5_000
      const prefixes = [0, ...new Array<number>(count).fill(100_000)]
      const suffixes = [100_000, ...new Array<number>(count).fill(0)]
      checkDeltaTexts(withBytes(packed(prefixes, suffixes), 100_000), 0, count + 1)
    },
    'texts of more than 268435456 bytes in one page',
  ],
])('%s is refused', (_name, check, message) => {
  expect(check).toThrow(message)
})

test('any bytes are accepted or refused, and soon', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat(5_000), (bytes, count) => {
    for (const check of [checkDeltaNumbers, checkDeltaLengths, checkDeltaTexts]) {
      try {
        check(bytes, 0, count)
      } catch (error) {
        expect(error).toBeInstanceOf(Error)
      }
    }
  })
  fc.assert(property, { seed: 4, numRuns: 3_000 })
})

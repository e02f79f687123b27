import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addToSketch, estimateOf, mergeSketches } from './hyper-log-log.ts'

const PRECISION = 6

type Hashes = readonly [index: number, rank: number]

const sketchOf = (list: readonly Hashes[]): Uint8Array =>
  list.reduce<Uint8Array>(
    (sketch, [index, rank]) => addToSketch(sketch, PRECISION, index, rank),
    new Uint8Array(0),
  )

/** The registers of either form. */
function registersOf(sketch: Uint8Array): number[] {
  return [...mergeSketches(new Uint8Array(2 ** PRECISION), sketch, PRECISION)]
}

const hash = fc.integer({ min: 0, max: 2 ** 32 - 1 })
// Few registers, so that many hashes meet in one; ranks of all sizes.
const index = fc.nat(9).map((register) => register * 2 ** (32 - PRECISION))
const rank = fc.tuple(hash, fc.nat(31)).map(([bits, shift]) => bits >>> shift)

test('a register holds the highest rank of its hashes, in both forms', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(index, rank), { maxLength: 12 }), (list) => {
      const expected = new Array<number>(2 ** PRECISION).fill(0)
      for (const [one, bits] of list) {
        const register = one >>> (32 - PRECISION)
        expected[register] = Math.max(expected[register]!, Math.clz32(bits) + 1)
      }
      expect(registersOf(sketchOf(list))).toEqual(expected)
    }),
    { seed: 61, numRuns: 300 },
  )
})

test('both forms of a sketch give the same estimate', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(hash, hash), { maxLength: 4 }), (list) => {
      const sparse = sketchOf(list)
      const dense = Uint8Array.from(registersOf(sparse))
      expect(estimateOf(sparse, PRECISION)).toBe(estimateOf(dense, PRECISION))
    }),
    { seed: 62, numRuns: 100 },
  )
})

test('nothing counts as nothing', () => {
  expect(estimateOf(new Uint8Array(0), PRECISION)).toBe(0)
})

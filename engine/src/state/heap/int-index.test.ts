import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IntIndex } from './int-index.ts'

/** Few enough for 16 cells, with all the awkward ones. */
const KEYS = [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), ...sameHome(15, 5), ...sameHome(14, 4)]

/** Keys that all belong into one of 16 cells, so that they shift each other, around the end. */
function sameHome(home: number, count: number): number[] {
  const keys: number[] = []
  for (let key = 2; keys.length < count; key++) {
    if (Math.imul(key, 0x9e3779b1) >>> 28 === home) keys.push(key)
  }
  return keys
}

/** Wide keys, some of which differ in their upper bits or their sign alone, and narrow ones. */
const WIDE_KEYS = [0, 1, -1, 2 ** 32, -(2 ** 32), 2 ** 33, 2 ** 53 - 1, -(2 ** 53) + 1].concat(
  KEYS.slice(3),
  KEYS.map((key) => key + 5 * 2 ** 32),
)

test.each([
  ['of 32 bits', 4, false, KEYS],
  ['wide', 6, true, WIDE_KEYS],
])(
  'an index finds what a map finds, in whatever order keys come and go: %s',
  (_, cellBits, isWide, keys) => {
    const step = fc.record({ key: fc.nat(keys.length - 1), isRemoval: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const index = new IntIndex(cellBits, isWide)
        const reference = new Map<number, number>()
        for (const [slot, { key: at, isRemoval }] of steps.entries()) {
          const key = keys[at] as number
          if (isRemoval && reference.delete(key)) index.remove(key)
          else if (!isRemoval && !reference.has(key)) {
            reference.set(key, slot)
            index.insert(key, slot)
          }
          for (const one of keys) expect(index.find(one)).toBe(reference.get(one) ?? -1)
        }
      }),
      { seed: 20261127, numRuns: 300 },
    )
  },
)

test('neighbouring keys and keys in steps spread over the cells', () => {
  for (const step of [1, 2, 7, 64, 128, 1_000, 4_096, 65_536]) {
    expect(longestRun(step, 12, 2_400)).toBeLessThan(40)
  }
})

/** The longest stretch of full cells after so many keys, as the index fills them. */
function longestRun(step: number, cellBits: number, count: number): number {
  const cells = 2 ** cellBits
  const isFull = new Uint8Array(cells)
  for (let i = 0; i < count; i++) {
    let at = Math.imul(i * step, 0x9e3779b1) >>> (32 - cellBits)
    while (isFull[at] === 1) at = (at + 1) % cells
    isFull[at] = 1
  }
  let longest = 0
  let run = 0
  for (const full of isFull) {
    run = full === 1 ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

import { expect, test } from 'vitest'
import { contentsSize } from './contents-size.ts'

test.each([
  [7, 1],
  [null, 1],
  ['sixteen letters.', 3],
  [{ sum: 1, count: 2n }, 3],
  [[1, 2, [3]], 5],
  [new Set([1, 2]), 3],
  [new Map([['a', [1]]]), 4.125],
  [new Uint8Array(16), 3],
  [new Date(0), 1],
])('%o takes about %d words', (value, words) => {
  expect(contentsSize(value)).toBe(words)
})

test('what a class hides, and what holds itself, is as large as can be', () => {
  class Hidden {
    readonly #all = new Map()
    get size(): number {
      return this.#all.size
    }
  }
  expect(contentsSize(new Hidden())).toBe(Number.POSITIVE_INFINITY)
  const ring: unknown[] = []
  ring.push(ring)
  expect(contentsSize(ring)).toBe(Number.POSITIVE_INFINITY)
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix } from './mix.ts'
import { MultisetDigest } from './multiset-digest.ts'
import { RowHash } from './row-hash.ts'

function digestOf(words: readonly number[]): string {
  const digest = new MultisetDigest()
  for (const word of words) digest.add(mix(word))
  return digest.text
}

describe('MultisetDigest', () => {
  const words = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 20 })

  it('depends on how often each row comes, and on nothing else', () => {
    fc.assert(
      fc.property(words, words, (left, right) => {
        const sorted = (list: readonly number[]): string => list.toSorted((a, b) => a - b).join()
        expect(digestOf(left) === digestOf(right)).toBe(sorted(left) === sorted(right))
      }),
      { seed: 7 },
    )
  })

  it('is that of all its parts', () => {
    const whole = new MultisetDigest()
    for (const part of [[1, 2], [], [3]]) {
      const digest = new MultisetDigest()
      for (const word of part) digest.add(mix(word))
      whole.addAll(digest.sums)
    }
    expect(whole.text).toBe(digestOf([3, 2, 1]))
  })

  it('forgets rows that are taken back', () => {
    const digest = new MultisetDigest()
    for (const word of [1, 2, 3]) digest.add(mix(word))
    digest.remove(mix(2))
    expect(digest.text).toBe(digestOf([3, 1]))
    expect(digest.rows).toBe(2)
  })
})

describe('RowHash', () => {
  const hash = new RowHash()

  it('depends on each field and their order', () => {
    const words = [
      hash.begin().number(1).number(2).word,
      hash.begin().number(2).number(1).word,
      hash
        .begin()
        .number(1 + 2 ** 32)
        .number(2).word,
      hash.begin().number(1).word,
      hash.begin().text('ab').text('c').word,
      hash.begin().text('a').text('bc').word,
      hash.begin().text('').text('abc').word,
      hash.begin().text('abc').word,
    ]
    expect(new Set(words).size).toBe(words.length)
    expect(hash.begin().number(1).number(2).word).toBe(words[0])
  })

  it('is the same on every platform', () => {
    expect(hash.begin().number(1_000).number(5_000_000_000).text('channel-7').word).toBe(
      1_128_741_680,
    )
  })
})

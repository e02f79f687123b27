import { expect, test } from 'vitest'
import { deriveKey, keyOfSeed, mix32, Prng } from './prng.ts'

function draws(prng: Prng, count: number): number[] {
  return Array.from({ length: count }, () => prng.u32())
}

/** Written from the definition of sfc32, with big integers. */
function* referenceSfc32(key: readonly number[]): Generator<number> {
  const mask = 0xffffffffn
  let [a, b, c, d] = key.map(BigInt) as [bigint, bigint, bigint, bigint]
  d |= 1n
  for (;;) {
    const sum = (a + b + d) & mask
    d = (d + 1n) & mask
    a = b ^ (b >> 9n)
    b = (c + (c << 3n)) & mask
    const rotated = ((c << 21n) | (c >> 11n)) & mask
    c = (rotated + sum) & mask
    yield Number(sum)
  }
}

test('is sfc32 after 15 rounds of warming up', () => {
  for (const key of [keyOfSeed(7), [0, 0, 0, 0], [1, 4294967295, 2147483648, 4294967294]]) {
    const reference = referenceSfc32(key)
    for (let round = 0; round < 15; round++) reference.next()
    const expected = Array.from({ length: 50 }, () => reference.next().value)
    expect(draws(new Prng(key as [number, number, number, number]), 50)).toEqual(expected)
  }
})

test('one seed always gives the same numbers, this release and the next', () => {
  expect(draws(new Prng(keyOfSeed(42)), 3)).toMatchInlineSnapshot(`
    [
      3021163625,
      3600272162,
      280384211,
    ]
  `)
  expect(draws(new Prng(deriveKey(keyOfSeed(42), 'ties')), 3)).toMatchInlineSnapshot(`
    [
      1571347934,
      3719128473,
      3988912844,
    ]
  `)
})

test('neighbouring seeds and names give unrelated first numbers', () => {
  const seen = new Set<number>()
  for (let seed = 0; seed < 5000; seed++) {
    seen.add(new Prng(keyOfSeed(seed)).u32())
    seen.add(new Prng(deriveKey(keyOfSeed(1), `name ${seed}`)).u32())
  }
  // Of 10,000 draws from 2^32 about 0.01 are expected to be alike.
  expect(seen.size).toBeGreaterThan(9997)
  const key = keyOfSeed(1)
  const ambiguous = [deriveKey(deriveKey(key, 'a'), 'b'), deriveKey(key, 'ab'), deriveKey(key, '')]
  expect(new Set([...ambiguous, key].map(String)).size).toBe(4)
})

test('every bit of a seed moves about half of the bits of the first number', () => {
  let moved = 0
  for (let bit = 0; bit < 32; bit++) {
    let difference =
      new Prng(keyOfSeed(12345)).u32() ^ new Prng(keyOfSeed(12345 ^ (1 << bit))).u32()
    for (; difference !== 0; difference &= difference - 1) moved++
  }
  expect(moved / 32 / 32).toBeGreaterThan(0.42)
  expect(moved / 32 / 32).toBeLessThan(0.58)
})

test('float and below are uniform and stay in their range', () => {
  const prng = new Prng(keyOfSeed(3))
  const buckets = new Array<number>(10).fill(0)
  const counts = new Array<number>(7).fill(0)
  for (let index = 0; index < 70_000; index++) {
    const float = prng.float()
    expect(float >= 0 && float < 1).toBe(true)
    buckets[Math.floor(float * 10)]!++
    counts[prng.below(7)]!++
  }
  for (const count of buckets) expect(Math.abs(count - 7000)).toBeLessThan(400)
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(450)
  expect(prng.below(1)).toBe(0)
  expect(prng.below(4294967296)).toBeGreaterThan(1000)
})

test('below has no bias for bounds that do not divide 2^32', () => {
  const prng = new Prng(keyOfSeed(4))
  let lowCount = 0
  // Taking the remainder alone would give the lowest third twice as often: 5,000 of 10,000.
  for (let draw = 0; draw < 10_000; draw++) if (prng.below(3 * 2 ** 30) < 2 ** 30) lowCount++
  expect(Math.abs(lowCount - 3333)).toBeLessThan(250)
})

test('mix32 is a bijection: no two of many words become one', () => {
  const seen = new Set<number>()
  for (let word = 0; word < 20_000; word++) seen.add(mix32(word)).add(mix32(word << 16))
  expect(seen.size).toBe(20_000 + 20_000 - 1)
})

/// <reference types="node" />
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeKey } from './key-encoding.ts'
import { keyIdentity } from './key-identity.ts'

const text = fc
  .array(fc.constantFrom('\udc00', '\u0000', '8', 'P', 'a', '\u0001'), { maxLength: 5 })
  .map((parts) => parts.join(''))

const anyKey: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom(0, -0, 1, Number.NaN, 1n, null, undefined, true, '1', '', 'null', '\udc00'),
  fc.array(text, { maxLength: 2 }),
  fc.record({ a: text }),
  fc.nat({ max: 3 }).map((ms) => new Date(ms)),
  fc.uint8Array({ maxLength: 2, max: 2 }),
)

/** The way of a hostile user: text that reads like the identity of another key. */
const forged = anyKey.map((key) => String(keyIdentity([key])))

describe('keyIdentity', () => {
  it('is one in a Map exactly for equal keys', () => {
    const key = fc.oneof(anyKey, forged)
    const pair = fc.oneof(
      fc.tuple(key, key),
      key.map((some): [unknown, unknown] => [some, structuredClone(some)]),
      key.map((some): [unknown, unknown] => [some, keyIdentity(some)]),
    )
    let equal = 0
    fc.assert(
      fc.property(pair, ([left, right]) => {
        const same = Buffer.compare(encodeKey(left), encodeKey(right)) === 0
        if (same) equal++
        const found = new Map([[keyIdentity(left), 1]]).has(keyIdentity(right))
        expect(found).toBe(same)
      }),
      { seed: 1, numRuns: 3000 },
    )
    expect(equal).toBeGreaterThan(500)
  })

  it('is the primitive itself where it can be', () => {
    for (const key of ['', 'a', '流', 1, Number.NaN, true, null, undefined, 7n]) {
      expect(keyIdentity(key)).toBe(key)
    }
    expect(keyIdentity(-0)).toBe(0)
  })

  it('is refused for what is no plain data', () => {
    const mismatch = expect.objectContaining({ code: 'TYPE_MISMATCH' })
    for (const key of [() => 1, Symbol('s'), new URL('http://localhost')]) {
      expect(() => keyIdentity(key)).toThrow(mismatch)
    }
  })
})

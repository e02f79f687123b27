import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { murmur32 } from '../base/murmur.ts'
import { encodeKey } from './key-encoding.ts'
import { hashKey } from './key-hash.ts'

const unit = fc.oneof(fc.nat({ max: 0x7f }), fc.nat({ max: 0xffff }))

const anyKey = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(Number.NaN, -0, 0, Number.NEGATIVE_INFINITY, null, undefined, true, 7n),
  fc.array(unit, { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'binary-ascii', maxLength: 20 }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.oneof(fc.string(), fc.double())),
  fc.record({ a: fc.string(), b: fc.bigInt() }),
)

describe('hashKey', () => {
  it('is murmur of the key bytes, also where it does not make them', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(hashKey(key)).toBe(murmur32(encodeKey(key)))
      }),
      { seed: 1, numRuns: 1500 },
    )
  })

  it('takes -0 for 0, at any depth, and all NaN for one', () => {
    expect(hashKey(-0)).toBe(hashKey(0))
    expect(hashKey([-0])).toBe(hashKey([0]))
    const strange = new Float64Array(new Uint32Array([1, 0xfff80001]).buffer)[0]
    expect(hashKey(strange)).toBe(hashKey(Number.NaN))
  })

  it('stays as it is: key groups of state on disk come from it', () => {
    expect(hashKey('user-1')).toBe(murmur32(Uint8Array.from([0x38, ...ascii('user-1'), 0])))
    const one = Uint8Array.from([0x28, 0xbf, 0xf0, 0, 0, 0, 0, 0, 0])
    expect(hashKey(1)).toBe(murmur32(one))
  })

  it('spreads small integers and short strings over key groups', () => {
    for (const keyOf of [(i: number) => i, (i: number) => `user-${i}`]) {
      const groups = new Array<number>(128).fill(0)
      for (let i = 0; i < 128 * 100; i++) groups[hashKey(keyOf(i)) % 128]!++
      expect(Math.min(...groups)).toBeGreaterThan(60)
      expect(Math.max(...groups)).toBeLessThan(145)
    }
  })
})

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0))
}

/// <reference types="node" />
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from '../../src/base/byte-writer.ts'
import { murmur32 } from '../../src/base/murmur.ts'
import { appendOrderedValue } from '../../src/types/ordered-encoding.ts'
import type { TypeInformation } from '../../src/types/type-information.ts'
import { typeWithValues } from './arbitrary-types.ts'

function ordered(type: TypeInformation<unknown>, value: unknown): Buffer {
  const output = new ByteWriter()
  type.appendOrdered(value, output)
  return Buffer.from(output.view())
}

describe('equality, order and hash of every type', () => {
  it('equality is deep equality', () => {
    let equal = 0
    fc.assert(
      fc.property(typeWithValues, ({ type, left, right }) => {
        const expected = isDeepStrictEqual(left, right)
        if (expected) equal++
        expect(type.equals(left, right), type.name).toBe(expected)
        expect(type.equals(right, left)).toBe(expected)
        expect(type.equals(left, left)).toBe(true)
      }),
      { seed: 1, numRuns: 1000 },
    )
    expect(equal).toBeGreaterThan(200)
    expect(equal).toBeLessThan(900)
  })

  it('order and hash are those of the ordered bytes', () => {
    fc.assert(
      fc.property(typeWithValues, ({ type, left, right }) => {
        const order = Buffer.compare(ordered(type, left), ordered(type, right))
        expect(Math.sign(type.compare(left, right)), type.name).toBe(order)
        expect(Math.sign(type.compare(right, left)), type.name).toBe(-order || 0)
        expect(type.hash(left), type.name).toBe(murmur32(ordered(type, left)))
      }),
      { seed: 2, numRuns: 1000 },
    )
  })

  it('the ordered bytes of a declared type are those of the value without its type', () => {
    fc.assert(
      fc.property(typeWithValues, ({ type, plain, left }) => {
        fc.pre(plain)
        const output = new ByteWriter()
        appendOrderedValue(left, output)
        expect(ordered(type, left).equals(output.view()), type.name).toBe(true)
      }),
      { seed: 3, numRuns: 500 },
    )
  })
})

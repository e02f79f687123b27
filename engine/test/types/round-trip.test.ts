/// <reference types="node" />
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { ByteWriter } from '../../src/base/byte-writer.ts'
import { EngineError } from '../../src/base/engine-error.ts'
import type { TypeInformation } from '../../src/types/type-information.ts'
import { anyType, reversed, typeWithValues } from './arbitrary-types.ts'

function toBytes(type: TypeInformation<unknown>, value: unknown): Uint8Array<ArrayBuffer> {
  const output = new ByteWriter(1)
  type.serializer.serialize(value, output)
  return output.toBytes()
}

/** True if `act` ends, false if it throws TYPE_MISMATCH. */
function takes(act: () => void): boolean {
  try {
    act()
    return true
  } catch (error) {
    if (error instanceof EngineError && error.code === 'TYPE_MISMATCH') return false
    throw error
  }
}

describe('every type', () => {
  it('gives back an equal value and reads exactly its bytes', () => {
    fc.assert(
      fc.property(typeWithValues, ({ type, left, right }) => {
        const output = new ByteWriter()
        type.serializer.serialize(left, output)
        type.serializer.serialize(right, output)
        const input = new ByteReader(output.view())
        for (const value of [left, right]) {
          const read = type.serializer.deserialize(input)
          expect(isDeepStrictEqual(read, value), `${type.name}`).toBe(true)
        }
        input.expectEnd()
      }),
      { seed: 1, numRuns: 1500 },
    )
  })

  it('writes equal values as equal bytes, whatever the order of insertion', () => {
    fc.assert(
      fc.property(typeWithValues, ({ type, left }) => {
        expect(toBytes(type, reversed(left))).toEqual(toBytes(type, left))
      }),
      { seed: 2, numRuns: 500 },
    )
  })

  it('writes one byte or more, so that a count of elements bounds their memory', () => {
    fc.assert(
      fc.property(typeWithValues, ({ type, left }) => {
        expect(toBytes(type, left).length).toBeGreaterThan(0)
      }),
      { seed: 3, numRuns: 300 },
    )
  })

  it('accepts exactly the values it serializes and orders', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
    } as fc.ObjectConstraints)
    const value = anyType.chain((of) =>
      fc.tuple(
        fc.constant(of.type),
        fc.oneof(
          of.values,
          anything,
          anyType.chain((other) => other.values),
        ),
      ),
    )
    let refused = 0
    fc.assert(
      fc.property(value, ([type, some]) => {
        const accepted = type.accepts(some)
        if (!accepted) refused++
        expect(
          takes(() => toBytes(type, some)),
          `${type.name} serializes`,
        ).toBe(accepted)
        const orders = takes(() => type.appendOrdered(some, new ByteWriter()))
        expect(orders, `${type.name} orders`).toBe(accepted)
      }),
      { seed: 4, numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(200)
  })

  it('describes itself in plain JSON', () => {
    fc.assert(
      fc.property(anyType, ({ type }) => {
        const { snapshot } = type.serializer
        expect(JSON.parse(JSON.stringify(snapshot))).toEqual(snapshot)
      }),
      { seed: 5, numRuns: 100 },
    )
  })
})

/// <reference types="node" />
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/base/byte-reader.ts'
import { ByteWriter } from '../../src/base/byte-writer.ts'
import { EngineError } from '../../src/base/engine-error.ts'
import { decodeKey, encodeKey } from '../../src/types/key-encoding.ts'
import type { TypeInformation } from '../../src/types/type-information.ts'
import { types } from '../../src/types/types.ts'
import { anyPlain, anyType, registry, typeWithValues } from './arbitrary-types.ts'

/** Bytes that mean something more often than random ones: tags, small and huge lengths, names. */
const hostileByte = fc.oneof(
  fc.nat({ max: 20 }),
  fc.constantFrom(0x7f, 0x80, 0xff, 0xfe, 0x10, 0x18, 0x28, 0x30, 0x38, 0x50, 0x58, 0x60, 0x68),
  fc.nat({ max: 255 }),
)

const hostileBytes = fc.array(hostileByte, { maxLength: 60 }).map((bytes) => Uint8Array.from(bytes))

/** What stands in the bytes, or undefined when they are refused the way they should be. */
function readOrRefuse(read: () => unknown): { readonly value: unknown } | undefined {
  try {
    return { value: read() }
  } catch (error) {
    const refused = error instanceof EngineError && error.code === 'CORRUPT_DATA'
    if (!refused) throw error
    return undefined
  }
}

/** Types with one form for each value. A union or a wrapper may hold a value in two ways. */
function isStrict(name: string): boolean {
  return !/oneOf|optional|nullable|\?|money|generic/.test(name)
}

function expectValueOf(type: TypeInformation<unknown>, value: unknown, bytes: Uint8Array): void {
  expect(type.accepts(value), type.name).toBe(true)
  const output = new ByteWriter()
  type.serializer.serialize(value, output)
  if (isStrict(type.name)) expect(output.toBytes(), type.name).toEqual(bytes)
}

let prototypeBefore: string
const prototypeNow = () => Reflect.ownKeys(Object.prototype).map(String).join()

beforeAll(() => {
  prototypeBefore = prototypeNow()
})

afterAll(() => {
  expect(prototypeNow()).toBe(prototypeBefore)
})

describe('hostile bytes', () => {
  it('are refused by every type, or are the bytes of a value', () => {
    let read = 0
    fc.assert(
      fc.property(anyType, hostileBytes, ({ type }, bytes) => {
        const input = new ByteReader(bytes)
        const found = readOrRefuse(() => type.serializer.deserialize(input))
        if (found === undefined) return
        read++
        expectValueOf(type, found.value, bytes.slice(0, input.position))
      }),
      { seed: 1, numRuns: 2000 },
    )
    expect(read).toBeGreaterThan(30)
  })

  it('that differ from good ones in one byte, or end early, are refused or read in full', () => {
    const damaged = fc.tuple(typeWithValues, fc.nat(), hostileByte, fc.boolean())
    fc.assert(
      fc.property(damaged, ([{ type, left }, at, byte, cut]) => {
        const output = new ByteWriter()
        type.serializer.serialize(left, output)
        const bytes = output.toBytes()
        const position = at % bytes.length
        bytes[position] = byte
        const input = new ByteReader(cut ? bytes.subarray(0, position) : bytes)
        const found = readOrRefuse(() => type.serializer.deserialize(input))
        if (cut) expect(found).toBeUndefined()
        else if (found !== undefined) {
          expectValueOf(type, found.value, bytes.slice(0, input.position))
        }
      }),
      { seed: 2, numRuns: 1500 },
    )
  })

  it('are refused by the generic type, or written again the same', () => {
    const generic = types.generic(registry)
    fc.assert(
      fc.property(hostileBytes, (bytes) => {
        const input = new ByteReader(bytes)
        const found = readOrRefuse(() => generic.serializer.deserialize(input))
        if (found === undefined) return
        const output = new ByteWriter()
        generic.serializer.serialize(found.value, output)
        expect(output.toBytes()).toEqual(bytes.slice(0, input.position))
      }),
      { seed: 3, numRuns: 3000 },
    )
  })

  it('are refused as keys, or are the ordered bytes of the key', () => {
    const damagedKey = fc.tuple(anyPlain, fc.nat(), hostileByte).map(([key, at, byte]) => {
      const bytes = encodeKey(key)
      bytes[at % bytes.length] = byte
      return bytes
    })
    let read = 0
    fc.assert(
      fc.property(fc.oneof(hostileBytes, damagedKey), (bytes) => {
        const found = readOrRefuse(() => decodeKey(bytes))
        if (found === undefined || Object.is(found.value, -0)) return
        read++
        const again = encodeKey(found.value)
        // A key never holds -0, which the ordered bytes of plain values may.
        if (!Buffer.from(bytes).includes(NEGATIVE_ZERO)) expect(again).toEqual(bytes)
      }),
      { seed: 4, numRuns: 3000 },
    )
    expect(read).toBeGreaterThan(200)
  })

  it.each([
    ['arrays in arrays', () => Uint8Array.from({ length: 100_000 }, (_, i) => (i % 2 ? 1 : 10))],
    ['objects in objects', () => repeat([11, 1, 1, 0x61], 50_000)],
    ['maps in maps', () => repeat([12, 1], 50_000)],
    ['sets in sets', () => repeat([13, 1], 50_000)],
  ])('do not exhaust the stack: %s', (_, make) => {
    const input = new ByteReader(make())
    expect(readOrRefuse(() => types.generic().serializer.deserialize(input))).toBeUndefined()
  })

  it.each<[string, TypeInformation<unknown>, number[]]>([
    ['entries out of order', types.map(types.int, types.int), [2, 4, 0, 2, 0]],
    ['one key twice', types.map(types.int, types.int), [2, 2, 0, 2, 2]],
    ['elements out of order', types.set(types.int), [2, 4, 2]],
    ['one element twice', types.set(types.int), [2, 2, 2]],
    ['generic fields out of order', types.generic(), [11, 2, 1, 0x62, 1, 1, 0x61, 1]],
    ['one generic field twice', types.generic(), [11, 2, 1, 0x61, 1, 1, 0x61, 1]],
    ['generic entries out of order', types.generic(), [12, 2, 3, 1, 2, 1]],
    ['one generic key twice', types.generic(), [12, 2, 2, 1, 2, 2]],
    ['generic elements out of order', types.generic(), [13, 2, 3, 2]],
    ['one generic element twice', types.generic(), [13, 2, 2, 2]],
    ['an integer as a double', types.generic(), [5, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]],
    ['a boolean of 2', types.boolean, [2]],
    ['a null flag of 2', types.nullable(types.boolean), [2, 1]],
    ['a third option of two', types.oneOf(types.int, types.string), [2, 0]],
    ['half a millisecond', types.date, [0, 0, 0, 0, 0, 0, 0xe0, 0x3f]],
    ['a negative zero bigint', types.bigint, [1]],
    ['bytes beyond the end', types.bytes, [0xff, 0xff, 0xff, 0xff, 0x0f, 1]],
    ['a huge array', types.array(types.tuple()), [0xff, 0xff, 0xff, 0xff, 0x0f, 0]],
  ])('are refused: %s', (_, type, bytes) => {
    const input = new ByteReader(Uint8Array.from(bytes))
    expect(readOrRefuse(() => type.serializer.deserialize(input))).toBeUndefined()
  })

  it.each([
    ['fields out of order', [0x58, 1, 0x62, 0, 0x18, 1, 0x61, 0, 0x18, 0]],
    ['one field twice', [0x58, 1, 0x61, 0, 0x18, 1, 0x61, 0, 0x18, 0]],
    ['entries out of order', [0x60, 0x21, 0x18, 0x20, 0x18, 0]],
    ['one key twice', [0x60, 0x20, 0x10, 0x20, 0x18, 0]],
    ['elements out of order', [0x68, 0x21, 0x20, 0]],
    ['one element twice', [0x68, 0x20, 0x20, 0]],
    ['another NaN', [0x28, 0xff, 0xf8, 0, 0, 0, 0, 0, 1]],
    ['an overlong unit', [0x38, 0xe0, 0x81, 0x81, 0]],
    ['an escape of nothing', [0x48, 1, 3, 0]],
    ['a bigint with a zero byte in front', [0x30, 0x81, 2, 0, 1]],
    ['a bigint length with a zero byte in front', [0x30, 0x82, 0, 1, 1]],
    ['a negative zero bigint', [0x30, 0x7f]],
  ])('are refused as a key: %s', (_, bytes) => {
    expect(readOrRefuse(() => decodeKey(Uint8Array.from(bytes)))).toBeUndefined()
  })

  it.each([0x50, 0x68])('do not exhaust the stack: containers of tag %d in a key', (tag) => {
    expect(readOrRefuse(() => decodeKey(repeat([tag], 100_000)))).toBeUndefined()
  })

  it.each(['__proto__', 'constructor'])('cannot set a field named %s', (name) => {
    const output = new ByteWriter()
    output.u8(11)
    output.varint(1)
    output.string(name)
    output.u8(1)
    const input = new ByteReader(output.view())
    expect(readOrRefuse(() => types.generic().serializer.deserialize(input))).toBeUndefined()
    const key = Uint8Array.from([0x58, 1, ...new TextEncoder().encode(name), 0, 0x18, 0])
    expect(readOrRefuse(() => decodeKey(key))).toBeUndefined()
  })
})

const NEGATIVE_ZERO = Buffer.from([0x28, 0x7f, 255, 255, 255, 255, 255, 255, 255])

function repeat(bytes: readonly number[], times: number): Uint8Array {
  return Uint8Array.from({ length: bytes.length * times }, (_, i) => bytes[i % bytes.length]!)
}

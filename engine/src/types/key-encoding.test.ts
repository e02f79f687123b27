/// <reference types="node" />
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareBytes, equalBytes } from './compare-bytes.ts'
import { decodeKey, encodeKey } from './key-encoding.ts'

const unit = fc.oneof(
  fc.constantFrom(0, 1, 2, 0x61, 0x7f, 0x80, 0x7ff, 0x800, 0xffff),
  fc.integer({ min: 0xd7fe, max: 0xe001 }),
)

const text = fc.array(unit, { maxLength: 4 }).map((units) => String.fromCharCode(...units))

const leaf = fc.oneof(
  fc.constantFrom(undefined, null, false, true, Number.NaN, 0, 1, -1, 5e-324, -5e-324, 1e300),
  fc.constantFrom(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0.1, 2 ** 53 - 1),
  fc.double().map((value) => value + 0),
  text,
  fc.bigInt({ min: -70000n, max: 70000n }),
  fc.bigInt({ min: -(2n ** 2100n), max: 2n ** 2100n }),
  fc.date({ noInvalidDate: false }),
  fc.uint8Array({ maxLength: 4, max: 3 }),
  fc.uint8Array({ maxLength: 4 }),
)

const name = text.filter((some) => some !== '__proto__' && some !== 'constructor')

const anyKey: fc.Arbitrary<unknown> = fc.letrec<{ key: unknown }>((tie) => ({
  key: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('key'), { maxLength: 3 }),
    fc.dictionary(name, tie('key'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).key

/** Kinds from below, as the documentation lists them. */
const KINDS = [
  'undefined',
  'null',
  'boolean',
  'number',
  'bigint',
  'string',
  'date',
  'bytes',
  'array',
  'object',
]

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (value instanceof Date) return 'date'
  if (value instanceof Uint8Array) return 'bytes'
  return typeof value
}

function compareNumber(left: number, right: number): number {
  const rank = (value: number) => (Number.isNaN(value) ? 1 : 0)
  return rank(left) - rank(right) || (left < right ? -1 : left > right ? 1 : 0)
}

/** Element by element with the shorter first, as the order of lists of anything is defined. */
function compareLists(left: readonly unknown[], right: readonly unknown[]): number {
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareReference(left[i], right[i])
    if (order !== 0) return order
  }
  return Math.sign(left.length - right.length)
}

/** The order of keys, written from its documentation, without a byte. */
function compareReference(left: unknown, right: unknown): number {
  const kinds = KINDS.indexOf(kindOf(left)) - KINDS.indexOf(kindOf(right))
  if (kinds !== 0) return Math.sign(kinds)
  switch (kindOf(left)) {
    case 'number':
      return compareNumber(left as number, right as number)
    case 'date':
      return compareNumber((left as Date).getTime(), (right as Date).getTime())
    case 'bytes':
      return compareLists([...(left as Uint8Array)], [...(right as Uint8Array)])
    case 'array':
      return compareLists(left as unknown[], right as unknown[])
    case 'object':
      return compareLists(sortedEntries(left as object), sortedEntries(right as object))
    default:
      return (left as string) < (right as string)
        ? -1
        : (left as string) > (right as string)
          ? 1
          : 0
  }
}

function sortedEntries(value: object): unknown[] {
  const entries: [string, unknown][] = Object.entries(value)
  return entries.sort(([left], [right]) => (left < right ? -1 : 1)).flat()
}

describe('key bytes', () => {
  it('are in the order of the keys', () => {
    expect(KINDS).toHaveLength(10)
    fc.assert(
      fc.property(anyKey, anyKey, (left, right) => {
        const order = Math.sign(compareBytes(encodeKey(left), encodeKey(right)))
        expect(order || 0).toBe(compareReference(left, right) || 0)
      }),
      { seed: 1, numRuns: 4000 },
    )
  })

  it('order neighbours: numbers around zero, strings with small units, bigints by length', () => {
    const rows: readonly unknown[][] = [
      [
        Number.NEGATIVE_INFINITY,
        -1e300,
        -1,
        -5e-324,
        0,
        5e-324,
        1,
        Number.POSITIVE_INFINITY,
        Number.NaN,
      ],
      [
        '',
        '\u0000',
        '\u0000\u0000',
        '\u0000\u0001',
        '\u0001',
        '\u0001a',
        '\u0002',
        'a',
        'a\u0000',
        'ab',
      ],
      ['z', 'é', '中', '\ud7ff', '\ud83d', '😀', '\udc00', '\ue000', '\uffff'],
      [-(2n ** 64n), -257n, -256n, -255n, -1n, 0n, 1n, 255n, 256n, 65535n, 65536n, 2n ** 2048n],
      [[], ['a'], ['a', undefined], ['a', 'b'], ['b'], [[]], [['a']]],
      [{}, { '': 1 }, { a: 1 }, { a: 1, b: 0 }, { a: 2 }, { b: 0 }],
    ]
    for (const row of rows) {
      const bytes = row.map(encodeKey)
      for (let i = 1; i < bytes.length; i++) {
        expect(compareBytes(bytes[i - 1]!, bytes[i]!), String(row[i])).toBeLessThan(0)
      }
    }
  })

  it('give the key back', () => {
    fc.assert(
      fc.property(anyKey, (key) => {
        expect(isDeepStrictEqual(decodeKey(encodeKey(key)), key)).toBe(true)
      }),
      { seed: 2, numRuns: 1500 },
    )
  })

  it('end by themselves: no key starts with another, and pairs are told apart', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (left, right) => {
        const [short, long] = [encodeKey(left), encodeKey(right)]
        if (equalBytes(short, long)) return
        expect(equalBytes(short, long.subarray(0, short.length))).toBe(false)
      }),
      { seed: 3, numRuns: 1500 },
    )
  })

  it('are the same for -0 and 0, at any depth', () => {
    expect(encodeKey(-0)).toEqual(encodeKey(0))
    expect(encodeKey([{ a: -0 }])).toEqual(encodeKey([{ a: 0 }]))
  })

  it('are the same whatever the order of fields', () => {
    expect(encodeKey({ a: 1, b: 2 })).toEqual(encodeKey({ b: 2, a: 1 }))
  })

  it('stay as they are: state on disk has them', () => {
    const key = ['a\u0000é', -1.5, { n: 300n, at: new Date(0) }, Uint8Array.of(0, 9), null, true]
    expect(Buffer.from(encodeKey(key)).toString('hex')).toBe(
      [
        '50', // array
        '38610101c3a900', // string
        '284007ffffffffffff', // number
        '58', // object
        '01617400408000000000000000', // at
        '016e00308102012c', // n
        '00',
        '4801010900', // bytes
        '18',
        '21',
        '00',
      ].join(''),
    )
  })

  it('are refused for what is no plain data', () => {
    class Point {
      readonly x: number = 1
    }
    const cyclic: unknown[] = []
    cyclic.push(cyclic)
    for (const key of [() => 1, Symbol('s'), new Point(), { p: [new Point()] }, cyclic]) {
      expect(() => encodeKey(key)).toThrow(expect.objectContaining({ code: 'TYPE_MISMATCH' }))
    }
    expect(() => encodeKey({ p: [new Point()] })).toThrow('value.p[0]')
    expect(() => encodeKey({ constructor: 1 })).toThrow('value.constructor')
  })

  it('are refused when something follows', () => {
    const bytes = Uint8Array.from([...encodeKey('a'), 0])
    expect(() => decodeKey(bytes)).toThrow(expect.objectContaining({ code: 'CORRUPT_DATA' }))
  })
})

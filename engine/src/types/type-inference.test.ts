import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyPlain } from '../../test/types/arbitrary-types.ts'
import { inferType } from './type-inference.ts'
import { TypeRegistry } from './type-registry.ts'
import { types } from './types.ts'

class Point {
  readonly x: number = 1
}

const point = types.custom<Point>({
  name: 'point',
  version: 1,
  accepts: (value) => value instanceof Point,
  serialize: (_, output) => output.u8(1),
  deserialize: (input) => {
    input.u8()
    return new Point()
  },
})

function infer(...values: unknown[]): { name: string; warnings: string[] } {
  const warnings: string[] = []
  const registry = new TypeRegistry().register(Point, point)
  const type = inferType(values, { registry, warn: (message) => warnings.push(message) })
  return { name: type.name, warnings }
}

describe('inferType', () => {
  it.each([
    [[1, 2], 'number'],
    [['a', '中'], 'string'],
    [[true], 'boolean'],
    [[1n], 'bigint'],
    [[new Date(0)], 'date'],
    [[Uint8Array.of(1)], 'bytes'],
    [[[1], [], [2]], 'array(number)'],
    [[1, null], 'nullable(number)'],
    [[undefined, 'a'], 'optional(string)'],
    [[{ a: 1 }, { a: 2, b: 'x' }], 'row(a: number, b?: string)'],
    [[{ a: null }, { a: 2 }, {}], 'row(a?: nullable(number))'],
    [[{ a: undefined }, { a: 2 }], 'row(a?: number)'],
    [[{ a: { b: [{ c: 1n }] } }], 'row(a: row(b: array(row(c: bigint))))'],
    [[new Map([['a', 1]]), new Map()], 'map(string, number)'],
    [[new Set(['a'])], 'set(string)'],
    [[{ at: new Point() }], 'row(at: point)'],
  ])('of %o is %s, without a warning', (values, name) => {
    expect(infer(...values)).toEqual({ name, warnings: [] })
  })

  it.each([
    [[1, 'a'], 'generic', 'value cannot be inferred (samples are number and string)'],
    [[{ a: [1, { b: 1 }] }], 'row(a: array(generic))', 'value.a[] cannot'],
    [[{ tags: [] }], 'row(tags: array(generic))', 'value.tags[] cannot be inferred (no sample'],
    [[{ a: null }], 'row(a: generic)', 'value.a cannot be inferred (no sample'],
    [[new Point(), {}], 'generic', 'samples are instance of point and object'],
    [[], 'generic', 'no sample says'],
  ])('of %o is %s, with one warning', (values, name, message) => {
    const inferred = infer(...values)
    expect(inferred.name).toBe(name)
    expect(inferred.warnings).toHaveLength(1)
    expect(inferred.warnings[0]).toContain(message)
    expect(inferred.warnings[0]).toContain('types.row(')
  })

  it('says how to register a class, and where it stands', () => {
    const unknown = () => inferType([{ at: [new Point()] }])
    expect(unknown).toThrow(expect.objectContaining({ code: 'TYPE_MISMATCH' }))
    expect(unknown).toThrow('value.at[]: Point is a class without a serializer; register one')
  })

  it('refuses what is no data', () => {
    const cyclic: unknown[] = []
    cyclic.push(cyclic)
    for (const value of [() => 1, Symbol('s'), cyclic, JSON.parse('{"__proto__": 1}')]) {
      expect(() => inferType([value])).toThrow(expect.objectContaining({ code: 'TYPE_MISMATCH' }))
    }
  })

  it('accepts every sample it saw', () => {
    fc.assert(
      fc.property(fc.array(anyPlain, { maxLength: 5 }), (values) => {
        const type = inferType(values)
        for (const value of values) expect(type.accepts(value), type.name).toBe(true)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})

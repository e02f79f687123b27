import { describe, expect, it } from 'vitest'
import { ByteReader } from '../base/byte-reader.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import type { TypeInformation } from './type-information.ts'
import { types } from './types.ts'

function roundTrip<T>(type: TypeInformation<T>, value: unknown): unknown {
  const output = new ByteWriter()
  type.serializer.serialize(value as T, output)
  return type.serializer.deserialize(new ByteReader(output.view()))
}

const mismatch = expect.objectContaining({ code: 'TYPE_MISMATCH' })

const order = types.row({
  id: types.string,
  note: types.optional(types.string),
  lines: types.array(types.row({ n: types.int, 'unit price': types.nullable(types.number) })),
})

describe('row', () => {
  it('is named as one would write it', () => {
    expect(order.name).toBe(
      'row(id: string, note?: string, lines: array(row(n: int, unit price: nullable(number))))',
    )
  })

  it('gives back fields in declared order, whatever the order they came in', () => {
    const back = roundTrip(order, { lines: [], note: 'x', id: 'a' })
    expect(Object.keys(back as object)).toEqual(['id', 'note', 'lines'])
  })

  it('leaves out an absent field, and takes an undefined one for absent', () => {
    expect(Object.keys(roundTrip(order, { id: 'a', lines: [] }) as object)).toEqual(['id', 'lines'])
    const back = roundTrip(order, { id: 'a', note: undefined, lines: [] })
    expect(Object.keys(back as object)).toEqual(['id', 'lines'])
  })

  it.each([
    [{ lines: [] }, 'value.id: expected string, found undefined'],
    [{ id: 1, lines: [] }, 'value.id: expected string, found the number 1'],
    [{ id: 'a', lines: [{ n: 0.5, 'unit price': 1 }] }, 'value.lines[0].n: expected int'],
    [{ id: 'a', lines: [{ n: 1, 'unit price': 'x' }] }, 'value.lines[0]["unit price"]: expected'],
    [{ id: 'a', lines: [], extra: 1 }, 'value.extra: no such field in row('],
    [{ id: 'a', lines: [], extra: undefined }, 'value.extra: no such field'],
    [null, 'value: expected row('],
    [new Map(), 'found an instance of Map'],
  ])('refuses %j and names the place', (value, message) => {
    expect(() => roundTrip(order, value)).toThrow(mismatch)
    expect(() => roundTrip(order, value)).toThrow(message)
    expect(order.accepts(value)).toBe(false)
  })

  it('refuses instances of classes, whose prototype would be lost', () => {
    class Id {
      readonly id: string = 'a'
    }
    expect(() => roundTrip(types.row({ id: types.string }), new Id())).toThrow(mismatch)
  })

  it('takes fields named like what every object inherits, absent or there', () => {
    const team = types.row({
      constructor: types.optional(types.string),
      toString: types.optional(types.generic()),
    })
    expect(Object.keys(roundTrip(team, {}) as object)).toEqual([])
    const back = roundTrip(team, { constructor: 'Brabham' })
    expect(Object.getOwnPropertyDescriptor(back, 'constructor')?.value).toBe('Brabham')
  })

  it('refuses to have a field named __proto__', () => {
    const fields = Object.fromEntries([['__proto__', types.string]])
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => types.row(fields)).toThrow(refused)
  })

  it('has a bit per optional field', () => {
    const names = Array.from({ length: 17 }, (_, i) => `f${i}`)
    const wide = types.row(
      Object.fromEntries(names.map((name) => [name, types.optional(types.boolean)])),
    )
    const output = new ByteWriter()
    wide.serializer.serialize({ f0: true, f9: false, f16: true }, output)
    expect([...output.view()]).toEqual([1, 2, 1, 1, 0, 1])
    expect(roundTrip(wide, { f0: true, f9: false, f16: true })).toEqual({
      f0: true,
      f9: false,
      f16: true,
    })
    const stray = new ByteReader(Uint8Array.from([0, 0, 2]))
    expect(() => wide.serializer.deserialize(stray)).toThrow('a bit set')
  })
})

describe('oneOf', () => {
  it('takes the first type that accepts the value', () => {
    const either = types.oneOf(types.int, types.number, types.string)
    const output = new ByteWriter()
    for (const value of [1, 0.5, 'a']) either.serializer.serialize(value, output)
    expect([...output.view().subarray(0, 3)]).toEqual([0, 2, 1])
    expect(() => roundTrip(either, null)).toThrow('value: expected oneOf(int, number, string)')
  })

  it('tells rows apart by a literal', () => {
    const shape = types.oneOf(
      types.row({ kind: types.literal('circle'), radius: types.number }),
      types.row({ kind: types.literal('square'), side: types.number }),
    )
    const square = { kind: 'square', side: 2 } as const
    expect(roundTrip(shape, square)).toEqual(square)
    expect(shape.accepts({ kind: 'square', radius: 1 })).toBe(false)
  })

  it('needs a type, as a literal needs a string', () => {
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
    expect(() => types.oneOf()).toThrow(refused)
    expect(() => types.literal()).toThrow(refused)
    expect(() => types.literal('a', 'a')).toThrow(refused)
  })
})

describe('int', () => {
  it('takes -0 for 0, in bytes, equality and hash', () => {
    expect(roundTrip(types.int, -0)).toBe(0)
    expect(types.int.equals(-0, 0)).toBe(true)
    expect(types.int.compare(-0, 0)).toBe(0)
    expect(types.int.hash(-0)).toBe(types.int.hash(0))
  })

  it.each([0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, 1n, '1'])('refuses %s', (value) => {
    expect(() => roundTrip(types.int, value)).toThrow(mismatch)
  })
})

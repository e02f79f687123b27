import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { max, maxBy, min, minBy, sum } from './rolling-aggregations.ts'

interface Sale {
  readonly shop: string
  readonly item: string
  readonly price: number
}
const sale = (item: string, price: number): Sale => ({ shop: 's', item, price })

/** What a rolling reduce emits. */
function rolling<T>(reduce: (left: T, right: T) => T, records: readonly T[]): T[] {
  const out: T[] = []
  for (const record of records) {
    const last = out.at(-1)
    out.push(last === undefined ? record : reduce(last, record))
  }
  return out
}

const sales = [sale('a', 5), sale('b', 3), sale('c', 3), sale('d', 9)]

describe('fields', () => {
  test('sum adds up and keeps the other fields of the first record', () => {
    expect(rolling(sum<Sale>('price'), sales)).toEqual([
      sale('a', 5),
      sale('a', 8),
      sale('a', 11),
      sale('a', 20),
    ])
  })

  test('min and max keep the other fields of the first record', () => {
    expect(rolling(min<Sale>('price'), sales).at(-1)).toEqual(sale('a', 3))
    expect(rolling(max<Sale>('price'), sales).at(-1)).toEqual(sale('a', 9))
  })

  test('minBy and maxBy take the whole record, the first of equal ones', () => {
    expect(rolling(minBy<Sale>('price'), sales).at(-1)).toEqual(sale('b', 3))
    expect(rolling(minBy<Sale>('price', { first: false }), sales).at(-1)).toEqual(sale('c', 3))
    expect(
      rolling(
        maxBy<Sale>((s) => s.price * 2),
        sales,
      ).at(-1),
    ).toEqual(sale('d', 9))
    const equal = [sale('x', 1), sale('y', 1)]
    expect(rolling(maxBy<Sale>('price'), equal).at(-1)).toEqual(sale('x', 1))
    expect(rolling(maxBy<Sale>('price', { first: false }), equal).at(-1)).toEqual(sale('y', 1))
  })
})

test('records are not changed', () => {
  const frozen = sales.map((s) => Object.freeze({ ...s }))
  rolling(sum<Sale>('price'), frozen)
  expect(frozen).toEqual(sales)
})

test('tuples by position, plain values, bigints, strings, dates, class instances', () => {
  expect(
    rolling(sum<[string, number]>(1), [
      ['a', 1],
      ['b', 2],
    ]).at(-1),
  ).toEqual(['a', 3])
  expect(rolling(sum<number>(), [1, 2, 3])).toEqual([1, 3, 6])
  expect(rolling(sum<bigint>(), [1n, 2n])).toEqual([1n, 3n])
  expect(rolling(max<string>(), ['a', 'c', 'b']).at(-1)).toBe('c')
  const dates = [new Date(5), new Date(2)]
  expect(rolling(min<Date>(), dates).at(-1)).toEqual(new Date(2))
  class Point {
    x: number
    y: number
    constructor(x: number, y: number) {
      this.x = x
      this.y = y
    }
  }
  const point = rolling(sum<Point>('x'), [new Point(1, 7), new Point(2, 8)]).at(-1)
  expect(point).toBeInstanceOf(Point)
  expect(point).toEqual(new Point(3, 7))
})

test('NaN is above every number', () => {
  expect(rolling(min<number>(), [Number.NaN, 1]).at(-1)).toBe(1)
  expect(rolling(max<number>(), [1, Number.NaN, 2]).at(-1)).toBeNaN()
})

test('values that cannot be added or compared are a record error', () => {
  const mismatch = expect.objectContaining({ code: ErrorCode.TYPE_MISMATCH })
  const text = { price: '5' } as unknown as Sale
  expect(() => rolling(sum<Sale>('price'), [sale('a', 1), text])).toThrow(mismatch)
  expect(() => rolling(min<Sale>('price'), [sale('a', 1), text])).toThrow(mismatch)
  expect(() => rolling(minBy<Sale>('price'), [sale('a', 1), {} as Sale])).toThrow(mismatch)
})

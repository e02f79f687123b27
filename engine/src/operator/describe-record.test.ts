import { expect, test } from 'vitest'
import { describeError, describeRecord } from './describe-record.ts'

test('a record is shown as JSON, with what JSON hides', () => {
  expect(describeRecord({ id: 'a', n: 1 })).toBe('{"id":"a","n":1}')
  expect(describeRecord({ n: 5n, x: Number.NaN })).toBe('{"n":"5n","x":"NaN"}')
  expect(describeRecord(new Map([['a', 1]]))).toBe('{"map":[["a",1]]}')
  expect(describeRecord(new Set([1]))).toBe('{"set":[1]}')
  expect(describeRecord(undefined)).toBe('undefined')
})

test('a long record is cut to 200 characters', () => {
  const text = describeRecord('x'.repeat(1_000))
  expect(text).toHaveLength(203)
  expect(text.endsWith('xxx...')).toBe(true)
})

test('it never throws', () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  expect(describeRecord(cycle)).toBe('[object Object]')
  const hostile = {
    toJSON(): never {
      throw new Error('no')
    },
    toString(): never {
      throw new Error('no')
    },
  }
  expect(describeRecord(hostile)).toBe('a record that cannot be shown')
  expect(describeError(hostile)).toBe('an error that cannot be shown')
  expect(describeError(new TypeError('x'))).toBe('TypeError: x')
  expect(describeError('text')).toBe('text')
})

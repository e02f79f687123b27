import { expect, test } from 'vitest'
import type { TypeInformation } from '../../../types/type-information.ts'
import { types } from '../../../types/types.ts'
import { accumulatorCopier } from './copy-accumulator.ts'

test.each([
  7,
  'text',
  null,
  { sum: 1, list: [1, { deep: [2] }], bytes: Uint8Array.of(1, 2) },
  new Map([['a', { count: 1 }]]),
  new Set([1, 2]),
  [new Map([[1, new Set(['x'])]])],
])('a copy of %o is equal and shares nothing that can change', (value) => {
  const copy = accumulatorCopier<unknown>(undefined)(value)
  expect(copy).toEqual(value)
  expect(sharedParts(value, copy)).toEqual([])
})

test('what is not plain goes through its serializer', () => {
  const at = { first: new Date(5) }
  const type = types.row({ first: types.date }) as TypeInformation<typeof at>
  const copy = accumulatorCopier(type)(at)
  expect(copy).toEqual(at)
  expect(copy.first).not.toBe(at.first)
})

/** Objects that both values hold. */
function sharedParts(left: unknown, right: unknown): unknown[] {
  const parts = partsOf(left)
  return [...partsOf(right)].filter((part) => parts.has(part))
}

function partsOf(value: unknown, found = new Set<unknown>()): Set<unknown> {
  if (typeof value !== 'object' || value === null) return found
  found.add(value)
  const children =
    value instanceof Map ? [...value].flat() : value instanceof Set ? value : Object.values(value)
  for (const child of children) partsOf(child, found)
  return found
}

import { expect, test } from 'vitest'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { filterOperator } from './filter.ts'

test('keeps the records for which the function is true', () => {
  const h = operatorHarness<number, number>({
    operator: filterOperator((n: number) => n % 2 === 1),
  })
  h.process([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 4)
  expect(h.output).toEqual([1, 3, 5, 7, 9])
  expect(h.outputWithTimestamps.every((r) => r.timestampMs === 4)).toBe(true)
  h.close()
})

test('takes a function object', () => {
  const operator = filterOperator({ limit: 2, filter: (n: number) => n > 2 } as {
    filter(n: number): boolean
  })
  const h = operatorHarness<number, number>({ operator })
  h.process([1, 2, 3])
  expect(h.output).toEqual([3])
  h.close()
})

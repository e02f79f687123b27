import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { type Difference, differenceOperator } from './difference.ts'

interface Meter {
  readonly id: string
  readonly count: number
}

const keyOf = (meter: Meter): string => meter.id
const countOf = (meter: Meter): number => meter.count

test('a counter 5, 9, 4 gives 5, 4, 4 and a reset, with rates per second', () => {
  const operator = differenceOperator(keyOf, countOf)
  const end = runInAllModes<Meter, Difference<Meter, string>>(
    { operator, keyBy: keyOf, leavesState: true },
    (harness) => {
      harness.process([{ id: 'a', count: 5 }], 1_000)
      harness.process([{ id: 'b', count: 100 }], 1_500)
      harness.process([{ id: 'a', count: 9 }], 3_000)
      harness.process([{ id: 'a', count: 4 }], 3_500)
      harness.process([{ id: 'b', count: 100 }], 3_500)
    },
  )
  const seen = end.outputWithTimestamps.map(({ value: d, timestampMs }) =>
    [d.key, d.previous, d.difference, d.ratePerSecond, d.isReset, timestampMs].join(' '),
  )
  expect(seen).toEqual([
    'a  5  false 1000',
    'b  100  false 1500',
    'a 5 4 2 false 3000',
    'a 9 4 8 true 3500',
    'b 100 0 0 false 3500',
  ])
})

test('a gauge goes up and down; without event time there is no rate', () => {
  const operator = differenceOperator(keyOf, countOf, { kind: 'gauge' })
  const harness = operatorHarness<Meter, Difference<Meter, string>>({ operator, keyBy: keyOf })
  harness.process([5, 9, 4].map((count) => ({ id: 'a', count })))
  expect(harness.output.map((d) => [d.difference, d.ratePerSecond, d.isReset])).toEqual([
    [0, undefined, false],
    [4, undefined, false],
    [-5, undefined, false],
  ])
  harness.close()
})

test('no rate between records of one time or in wrong order', () => {
  const operator = differenceOperator(keyOf, countOf)
  const harness = operatorHarness<Meter, Difference<Meter, string>>({ operator, keyBy: keyOf })
  harness.process([{ id: 'a', count: 1 }], 10)
  harness.process([{ id: 'a', count: 2 }], 10)
  harness.process([{ id: 'a', count: 3 }], 5)
  expect(harness.output.map((d) => d.ratePerSecond)).toEqual([undefined, undefined, undefined])
  harness.close()
})

test('what is no finite number is a record error', () => {
  const operator = differenceOperator(keyOf, countOf)
  const harness = operatorHarness<Meter>({ operator, keyBy: keyOf, modes: ['plain'] })
  expect(() => harness.process([{ id: 'a', count: Number.NaN }])).toThrow(
    expect.objectContaining({ code: ErrorCode.USER_FUNCTION }),
  )
})

test('the differences of a counter add up to what it counted, through resets and restores', () => {
  const growth = fc.record({ by: fc.nat({ max: 9 }), reset: fc.boolean() })
  fc.assert(
    fc.property(fc.array(growth, { maxLength: 30 }), (steps) => {
      let count = 0
      let counted = 0
      const meters = steps.map(({ by, reset }) => {
        // A reset is only seen if the counter stands lower than before.
        if (reset && by < count) count = 0
        count += by
        counted += by
        return { id: 'a', count }
      })
      const operator = differenceOperator(keyOf, countOf)
      const end = runInAllModes<Meter, Difference<Meter, string>>(
        { operator, keyBy: keyOf, leavesState: true },
        (harness) => {
          for (const meter of meters) harness.process([meter])
        },
      )
      expect(end.output.reduce((sum, d) => sum + d.difference, 0)).toBe(counted)
      end.close()
    }),
    { seed: 3, numRuns: 25 },
  )
})

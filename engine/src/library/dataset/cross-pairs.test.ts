import fc from 'fast-check'
import { expect, test } from 'vitest'
import { perSubtask } from '../../operator/function/function-supplier.ts'
import { coProcessOperator } from '../../operator/two-input/co-process.ts'
import { twoInputHarness } from '../../testing/two-input-harness.ts'
import { CrossPairs } from './cross-pairs.ts'

/** A record of the left side is a number, one of the right a letter. */
const records = fc.array(
  fc.oneof(fc.integer({ min: 0, max: 99 }), fc.constantFrom('a', 'b', 'c')),
  {
    maxLength: 9,
  },
)

test('every pair once, in whatever order records come; also over restores and rescales', () => {
  fc.assert(
    fc.property(records, (sent) => {
      const h = twoInputHarness<number, string, string>({
        operator: coProcessOperator(
          perSubtask(
            () =>
              new CrossPairs<number, string, string>((n, letter) => `${letter}${n}`, {
                left: undefined,
                right: undefined,
              }),
          ),
        ),
        broadcast2: true,
      })
      for (const value of sent) {
        if (typeof value === 'number') h.process1([value])
        else h.process2([value])
      }
      h.endInput1()
      h.endInput2()
      const lefts = sent.filter((value) => typeof value === 'number')
      const rights = sent.filter((value) => typeof value === 'string')
      const expected = lefts.flatMap((n) => rights.map((letter) => `${letter}${n}`))
      expect([...h.output].sort()).toEqual(expected.sort())
      h.close()
    }),
    { seed: 3, numRuns: 40 },
  )
})

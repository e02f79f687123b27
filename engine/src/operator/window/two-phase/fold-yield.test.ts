import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FoldYield } from './fold-yield.ts'

/** Lets records pass one by one until folding is tried again. @returns how many those are */
function passUntilTried(fold: FoldYield): number {
  let passed = 0
  for (; !fold.pays; passed++) fold.passedBy(1)
  return passed
}

test('folding goes on while there are five records for each partial aggregate', () => {
  const fold = new FoldYield()
  fold.handedOn(200, 1_000)
  expect(fold.pays).toBe(true)
  fold.handedOn(201, 1_000)
  expect(fold.pays).toBe(false)
})

test('nothing is judged before there are enough records, over however many times', () => {
  const fold = new FoldYield()
  for (let time = 0; time < 999; time++) fold.handedOn(1, 1)
  expect(fold.pays).toBe(true)
  fold.handedOn(1, 1)
  expect(fold.pays).toBe(false)
})

test('it is tried again, ever later while it brings nothing, and at once as early once it did', () => {
  const fold = new FoldYield()
  const pauses = Array.from({ length: 6 }, () => {
    fold.handedOn(900, 1_000)
    return passUntilTried(fold) / 1_000
  })
  expect(pauses).toEqual([15, 30, 60, 120, 240, 240])
  fold.handedOn(100, 1_000)
  fold.handedOn(900, 1_000)
  expect(passUntilTried(fold) / 1_000).toBe(15)
})

test('what is handed on while records pass by is not judged', () => {
  const fold = new FoldYield(10, 2)
  fold.handedOn(10, 10)
  fold.handedOn(10, 10)
  expect(passUntilTried(fold)).toBe(20)
})

test('at most a sixteenth of records that never fold is looked up', () => {
  const stretches = fc.array(fc.integer({ min: 10, max: 30 }), { minLength: 1 })
  fc.assert(
    fc.property(stretches, (sizes) => {
      const fold = new FoldYield(10)
      let folded = 0
      let passed = 0
      for (const size of sizes) {
        fold.handedOn(size, size)
        folded += size
        passed += passUntilTried(fold)
      }
      expect(passed).toBeGreaterThanOrEqual(folded * 15)
    }),
    { seed: 1 },
  )
})

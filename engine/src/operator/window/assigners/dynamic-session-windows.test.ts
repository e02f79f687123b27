import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import { operatorHarness } from '../../../testing/operator-harness.ts'
import { runInAllModes } from '../../../testing/run-in-all-modes.ts'
import type { TimeWindow } from '../time-window.ts'
import type { ProcessWindowCallback } from '../window-function.ts'
import { windowOperator } from '../window-operator.ts'
import {
  dynamicEventTimeSessionWindows,
  dynamicProcessingTimeSessionWindows,
} from './dynamic-session-windows.ts'

interface Visit {
  readonly user: string
  readonly gapMs: number
}

const show: ProcessWindowCallback<Visit, string, string, TimeWindow> = (key, ctx, elements, out) =>
  out.collect(`${key}${ctx.window}: ${[...elements].length}`)

const sessions = (path: 'auto' | 'general' = 'auto') =>
  windowOperator({
    keySelector: (visit: Visit) => visit.user,
    assigner: dynamicEventTimeSessionWindows((visit: Visit) => visit.gapMs),
    computation: { kind: 'process', process: show },
    path,
  })
const options = { keyBy: (visit: Visit) => visit.user }
const visit = (gapMs: number, user = 'u'): Visit => ({ user, gapMs })

test('the gap of a record decides whether the next one joins', () => {
  const harness = runInAllModes<Visit, string>({ ...options, operator: sessions() }, (h) => {
    h.process([visit(30)], 0)
    h.process([visit(5)], 20) // within the 30 of the first, whose end stays
    h.process([visit(5)], 31)
    h.process([visit(30, 'v')], 0)
    h.process([visit(5, 'v')], 29)
    h.process([visit(5, 'v')], 34)
    h.watermark(MAX_WATERMARK_MS)
  })
  expect(harness.output).toEqual(['u[0, 30): 2', 'u[31, 36): 1', 'v[0, 39): 3'])
})

test.each([0, -1, 1.5, Number.NaN])('a gap of %d is an error of its record', (gapMs) => {
  const bad = { ...options, operator: sessions(), recordErrorPolicy: 'skip' as const }
  const harness = runInAllModes<Visit, string>(bad, (h) => {
    h.process([visit(5), visit(gapMs), visit(5)], 0)
    h.watermark(MAX_WATERMARK_MS)
  })
  expect(harness.output).toEqual(['u[0, 5): 2'])
})

test('by the clock', () => {
  const operator = windowOperator({
    keySelector: (one: Visit) => one.user,
    assigner: dynamicProcessingTimeSessionWindows((one: Visit) => one.gapMs),
    computation: { kind: 'process', process: show },
  })
  const harness = runInAllModes<Visit, string>({ ...options, operator, startMs: 100 }, (h) => {
    h.process([visit(10)])
    h.advanceProcessingTime(105)
    h.process([visit(20)])
    h.advanceProcessingTime(124)
  })
  expect(harness.output).toEqual(['u[100, 125): 2'])
})

test('sessions are the connected parts of the finished input, with timers and without', () => {
  const records = fc.array(
    fc.record({
      atMs: fc.nat(60),
      gapMs: fc.integer({ min: 1, max: 12 }),
      user: fc.constantFrom('u', 'v'),
    }),
    { maxLength: 25 },
  )
  fc.assert(
    fc.property(records, (list) => {
      const run = (path: 'auto' | 'general'): readonly string[] => {
        const harness = operatorHarness<Visit, string>({
          ...options,
          operator: sessions(path),
          modes: ['plain'],
        })
        for (const { atMs, gapMs, user } of list) harness.process([visit(gapMs, user)], atMs)
        harness.watermark(MAX_WATERMARK_MS)
        const { output } = harness
        harness.close()
        return output
      }
      // The reference sweeps the sorted spans of each user.
      const expected: string[] = []
      for (const [user, ofUser] of Map.groupBy(list, (one) => one.user)) {
        let startMs = 0
        let endMs = Number.NEGATIVE_INFINITY
        let count = 0
        const close = (): void => {
          if (count > 0) expected.push(`${user}[${startMs}, ${endMs}): ${count}`)
        }
        for (const { atMs, gapMs } of ofUser.sort((l, r) => l.atMs - r.atMs)) {
          if (atMs > endMs) {
            close()
            startMs = atMs
            endMs = atMs
            count = 0
          }
          endMs = Math.max(endMs, atMs + gapMs)
          count++
        }
        close()
      }
      const fast = run('auto')
      expect([...fast].sort()).toEqual(expected.sort())
      expect(fast).toEqual(run('general'))
    }),
    { seed: 34, numRuns: 300 },
  )
})

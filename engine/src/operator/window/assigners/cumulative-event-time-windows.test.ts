import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../../core/stream-element.ts'
import { operatorHarness } from '../../../testing/operator-harness.ts'
import { runInAllModes } from '../../../testing/run-in-all-modes.ts'
import type { TimeWindow } from '../time-window.ts'
import type { ProcessWindowCallback } from '../window-function.ts'
import { windowOperator } from '../window-operator.ts'
import { cumulativeEventTimeWindows } from './cumulative-event-time-windows.ts'

const HOUR_MS = 3_600_000

interface Sale {
  readonly shop: string
  readonly amount: number
}

const show: ProcessWindowCallback<Sale, string, string, TimeWindow> = (key, ctx, elements, out) => {
  for (const { amount } of elements) out.collect(`${key}${ctx.window}=${amount}`)
}

function totals(maxSizeMs: number, stepMs: number, more: object = {}) {
  return windowOperator({
    keySelector: (sale: Sale) => sale.shop,
    assigner: cumulativeEventTimeWindows(maxSizeMs, stepMs, { offsetMs: 0 }),
    computation: {
      kind: 'reduce',
      reduce: (l: Sale, r: Sale) => ({ shop: l.shop, amount: l.amount + r.amount }),
      process: show,
    },
    ...more,
  })
}

const options = { keyBy: (sale: Sale) => sale.shop }

test('a day with steps of an hour gives 24 growing totals', () => {
  const operator = totals(24 * HOUR_MS, HOUR_MS)
  const harness = runInAllModes<Sale, string>({ ...options, operator }, (h) => {
    for (let hour = 0; hour < 24; hour++) {
      h.process([{ shop: 'a', amount: 1 }], hour * HOUR_MS)
      h.watermark((hour + 1) * HOUR_MS - 1)
    }
    h.process([{ shop: 'a', amount: 100 }], 24 * HOUR_MS)
    h.watermark(25 * HOUR_MS)
    expect(h.timers).toBe(0)
    h.watermark(MAX_WATERMARK_MS)
  })
  const amounts = harness.output.map((line) => Number(line.split('=')[1]))
  expect(amounts.slice(0, 24)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1))
  expect(amounts.slice(24)).toEqual(Array.from({ length: 24 }, () => 100))
})

test('a maximum that is no multiple of the step is refused', () => {
  expect(() => cumulativeEventTimeWindows(10, 3)).toThrow(/multiple/)
})

interface Draft {
  readonly shop: string
  readonly aheadMs: number
  readonly advanceMs: number
}

const drafts: fc.Arbitrary<Draft[]> = fc.array(
  fc.record({
    shop: fc.constantFrom('a', 'b', 'c'),
    aheadMs: fc.integer({ min: -15, max: 15 }),
    advanceMs: fc.oneof(fc.constant(0), fc.nat(12)),
  }),
  { maxLength: 30 },
)
const shape = fc.record({
  stepMs: fc.integer({ min: 1, max: 6 }),
  steps: fc.integer({ min: 1, max: 5 }),
  latenessMs: fc.oneof(fc.constant(0), fc.nat(15)),
})

test('panes equal timers and a batch reference', () => {
  fc.assert(
    fc.property(shape, drafts, ({ stepMs, steps, latenessMs }, list) => {
      const maxSizeMs = stepMs * steps
      const run = (path: 'auto' | 'general'): readonly string[] => {
        const operator = totals(maxSizeMs, stepMs, { path, allowedLatenessMs: latenessMs })
        const harness = operatorHarness<Sale, string>({ ...options, operator, modes: ['plain'] })
        let watermarkMs = 0
        list.forEach(({ shop, aheadMs, advanceMs }, i) => {
          harness.process([{ shop, amount: 2 ** i }], watermarkMs + aheadMs)
          watermarkMs += advanceMs
          if (advanceMs > 0) harness.watermark(watermarkMs)
        })
        harness.watermark(MAX_WATERMARK_MS)
        expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
        const { output } = harness
        harness.close()
        return [...output].sort()
      }
      // The reference folds the finished stream; later firings of a window replace earlier ones.
      const expected = new Map<string, number>()
      let watermarkMs = 0
      let seenMs = Number.NEGATIVE_INFINITY
      list.forEach(({ shop, aheadMs, advanceMs }, i) => {
        const timestampMs = watermarkMs + aheadMs
        const startMs = Math.floor(timestampMs / maxSizeMs) * maxSizeMs
        for (let endMs = startMs + stepMs; endMs <= startMs + maxSizeMs; endMs += stepMs) {
          if (timestampMs >= endMs || endMs - 1 + latenessMs <= seenMs) continue
          const name = `${shop}[${startMs}, ${endMs})`
          expected.set(name, (expected.get(name) ?? 0) + 2 ** i)
        }
        watermarkMs += advanceMs
        if (advanceMs > 0) seenMs = watermarkMs
      })
      const panes = run('auto')
      const last = new Map<string, number>()
      for (const line of panes) {
        const [name, amount] = line.split('=') as [string, string]
        last.set(name, Math.max(last.get(name) ?? 0, Number(amount)))
      }
      expect(panes).toEqual(run('general'))
      // Of the firings of a window the last one holds all that came before the window was over.
      expect([...last.keys()].sort()).toEqual([...expected.keys()].sort())
      for (const [name, amount] of expected) expect(last.get(name)).toBe(amount)
    }),
    { seed: 32, numRuns: 200 },
  )
})

test('all modes agree', () => {
  fc.assert(
    fc.property(shape, drafts, ({ stepMs, steps, latenessMs }, list) => {
      const operator = totals(stepMs * steps, stepMs, { allowedLatenessMs: latenessMs })
      const harness = operatorHarness<Sale, string>({ ...options, operator, modes: 'all' })
      let watermarkMs = 0
      for (const { shop, aheadMs, advanceMs } of list) {
        harness.process([{ shop, amount: 1 }], watermarkMs + aheadMs)
        watermarkMs += advanceMs
        if (advanceMs > 0) harness.watermark(watermarkMs)
      }
      harness.watermark(MAX_WATERMARK_MS)
      harness.verify()
      harness.close()
    }),
    { seed: 33, numRuns: 20 },
  )
})

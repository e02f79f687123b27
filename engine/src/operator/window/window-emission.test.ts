import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outputTag } from '../../core/output-tag.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { types } from '../../types/types.ts'
import { eventTimeSessionWindows } from './assigners/event-time-session-windows.ts'
import { slidingEventTimeWindows } from './assigners/sliding-event-time-windows.ts'
import { tumblingEventTimeWindows } from './assigners/tumbling-event-time-windows.ts'
import type { WindowMerge } from './merge-trace.ts'
import type { TimeWindow } from './time-window.ts'
import type { WindowAssigner } from './window-assigner.ts'
import type { WindowChange } from './window-change.ts'
import { windowOperator } from './window-operator.ts'

interface Sale {
  readonly shop: string
  readonly amount: number
}

const keyBy = (one: Sale): string => one.shop
const sale = (amount: number, shop = 'a'): Sale => ({ shop, amount })

const changes = (assigner: WindowAssigner<unknown, TimeWindow>, emitsChanges = true) =>
  windowOperator<Sale, Sale, string, string, TimeWindow>({
    keySelector: keyBy,
    assigner,
    computation: {
      kind: 'reduce',
      reduce: (left, right) => sale(left.amount + right.amount, left.shop),
      process: (key, { window }, elements, out) => {
        for (const { amount } of elements) out.collect(`${key}${window}=${amount}`)
      },
    },
    allowedLatenessMs: 20,
    emitsChanges,
    resultType: types.string,
  })

const text = ({ kind, value }: WindowChange<string>): string =>
  `${kind === 'add' ? '+' : '-'}${value}`

describe('retracting results', () => {
  test('a late record takes the old result back and adds the new one', () => {
    const operator = changes(tumblingEventTimeWindows(10))
    const harness = runInAllModes<Sale, WindowChange<string>>({ operator, keyBy }, (h) => {
      h.process([sale(1)], 1)
      h.watermark(9)
      h.process([sale(2)], 2)
      h.process([sale(4)], 3)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output.map(text)).toEqual([
      '+a[0, 10)=1',
      '-a[0, 10)=1',
      '+a[0, 10)=3',
      '-a[0, 10)=3',
      '+a[0, 10)=7',
    ])
  })

  test('sessions that merge take back what each of them emitted', () => {
    const operator = changes(eventTimeSessionWindows(10))
    const harness = runInAllModes<Sale, WindowChange<string>>({ operator, keyBy }, (h) => {
      h.process([sale(1)], 0)
      h.process([sale(2)], 15)
      h.watermark(24)
      h.process([sale(4)], 8)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.output.map(text)).toEqual([
      '+a[0, 10)=1',
      '+a[15, 25)=2',
      '-a[0, 10)=1',
      '-a[15, 25)=2',
      '+a[0, 25)=7',
    ])
  })

  test('whoever follows the changes ends with one row per window, the last of each', () => {
    const steps = fc.array(
      fc.record({ shop: fc.constantFrom('a', 'b'), backMs: fc.nat(25), advanceMs: fc.nat(12) }),
      { maxLength: 30 },
    )
    const assigners = fc.constantFrom(
      tumblingEventTimeWindows(7),
      slidingEventTimeWindows(9, 3),
      eventTimeSessionWindows(5),
    )
    fc.assert(
      fc.property(steps, assigners, (list, assigner) => {
        const run = <OUT>(emitsChanges: boolean): readonly OUT[] => {
          const operator = changes(assigner, emitsChanges)
          const harness = operatorHarness<Sale, OUT>({ operator, keyBy, modes: ['plain'] })
          let watermarkMs = 0
          list.forEach(({ shop, backMs, advanceMs }, i) => {
            harness.process([sale(2 ** i, shop)], watermarkMs + 10 - backMs)
            watermarkMs += advanceMs
            if (advanceMs > 0) harness.watermark(watermarkMs)
          })
          harness.watermark(MAX_WATERMARK_MS)
          expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
          const { output } = harness
          harness.close()
          return output
        }
        const rows = new Set<string>()
        for (const { kind, value } of run<WindowChange<string>>(true)) {
          expect(rows.has(value)).toBe(kind === 'retract')
          if (kind === 'add') rows.add(value)
          else rows.delete(value)
        }
        // Amounts are powers of two, so a total names its records. A row is the last of its window
        // if no later result of the same key shares a record with it in that window.
        const results = run<string>(false)
        const last = new Map<string, string>()
        for (const result of results) last.set(result.split('=')[0]!, result)
        if (assigner.mergeWindows === undefined) {
          expect([...rows].sort()).toEqual([...last.values()].sort())
          return
        }
        const standing = results.filter((result, at) => {
          const [name, total] = result.split('=') as [string, string]
          return !results.slice(at + 1).some((later) => {
            const [laterName, laterTotal] = later.split('=') as [string, string]
            return laterName[0] === name[0] && (Number(laterTotal) & Number(total)) !== 0
          })
        })
        expect([...rows].sort()).toEqual(standing.sort())
      }),
      { seed: 43, numRuns: 200 },
    )
  })
})

describe('merges can be seen', () => {
  const MERGES = outputTag<WindowMerge>('merges')

  test.each(['auto', 'general'] as const)('%s: windows before and after each merge', (path) => {
    const operator = windowOperator<Sale, Sale, Sale, string, TimeWindow>({
      keySelector: keyBy,
      assigner: eventTimeSessionWindows(10),
      computation: {
        kind: 'reduce',
        reduce: (left, right) => sale(left.amount + right.amount, left.shop),
      },
      mergeTag: MERGES,
      path,
    })
    const harness = runInAllModes<Sale>({ operator, keyBy }, (h) => {
      h.process([sale(1)], 0)
      h.process([sale(1)], 5)
      h.process([sale(1)], 3) // within the session: nothing changes
      h.process([sale(1), sale(1, 'b')], 20)
      h.process([sale(1)], 14)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.sideOutput(MERGES)).toEqual([
      { key: 'a', before: ['[0, 10)', '[5, 15)'], after: '[0, 15)' },
      { key: 'a', before: ['[0, 15)', '[20, 30)', '[14, 24)'], after: '[0, 30)' },
    ])
    expect(harness.metrics['numWindowMerges']).toBe(1)
  })
})

import { describe, expect, test } from 'vitest'
import { metricGroup } from '../../core/metrics.ts'
import { outputTag } from '../../core/output-tag.ts'
import { RecordBatch } from '../../core/record-batch.ts'
import type { OperatorContext } from '../operator-context.ts'
import { type WatermarkStrategy, watermarks } from './watermark-strategy.ts'
import { WatermarkTracker } from './watermark-tracker.ts'

const IN_2026_MS = Date.UTC(2026, 0, 15, 12)
const HOUR_MS = 3_600_000

/** A tracker with a clock that the test moves, and a text of all it emits. */
class Bench {
  readonly emitted: string[] = []
  readonly late: unknown[] = []
  readonly warnings: string[] = []
  readonly metrics = metricGroup()
  readonly tracker: WatermarkTracker<string>
  nowMs: number
  #timers: { atMs: number; run: (atMs: number) => void }[] = []

  constructor(
    strategy: WatermarkStrategy<string>,
    options: { nowMs?: number; auto?: number } = {},
  ) {
    this.nowMs = options.nowMs ?? 0
    const context = {
      task: { operatorName: 'source', subtaskIndex: 0, parallelism: 1 },
      autoWatermarkIntervalMs: options.auto ?? 0,
      recordErrorPolicy: 'fail',
      metrics: this.metrics,
      warn: (message: string) => this.warnings.push(message),
      output: {
        collect: (value: string, atMs: number) => this.emitted.push(`${value}@${atMs}`),
        sideOutput: (_tag: unknown, value: unknown) => this.late.push(value),
        emitWatermark: (atMs: number) => this.emitted.push(`W${atMs}`),
        emitWatermarkStatus: (idle: boolean) => this.emitted.push(idle ? 'idle' : 'active'),
      },
      processingTime: {
        nowMs: () => this.nowMs,
        schedule: (atMs: number, run: (atMs: number) => void) => {
          const timer = { atMs, run }
          this.#timers.push(timer)
          return { cancel: () => this.#cancel(timer) }
        },
      },
    }
    this.tracker = new WatermarkTracker(strategy, context as unknown as OperatorContext)
    this.tracker.start()
  }

  /** Emits records of a split: its letter and the timestamps. */
  records(splitId: string, ...timestamps: number[]): string {
    this.tracker.useSplit(splitId)
    for (const atMs of timestamps) this.record(splitId, atMs)
    return this.take()
  }

  record(value: string, timestampMs: number): void {
    this.tracker.processBatch(RecordBatch.of([value], timestampMs))
  }

  advance(toMs: number): string {
    for (;;) {
      const due = this.#timers.filter(({ atMs }) => atMs <= toMs)
      const first = due.sort((left, right) => left.atMs - right.atMs)[0]
      if (first === undefined) break
      this.#cancel(first)
      this.nowMs = first.atMs
      first.run(first.atMs)
    }
    this.nowMs = toMs
    return this.take()
  }

  take(): string {
    return this.emitted.splice(0).join(' ')
  }

  #cancel(timer: { atMs: number; run: (atMs: number) => void }): void {
    this.#timers = this.#timers.filter((each) => each !== timer)
  }
}

const monotonous = watermarks.monotonous<string>()

describe('splits', () => {
  test('the watermark is the lowest of all splits, those not begun included', () => {
    const bench = new Bench(monotonous)
    bench.tracker.addSplit('a')
    bench.tracker.addSplit('b')
    expect(bench.records('a', 10, 20)).toBe('a@10 a@20')
    expect(bench.records('b', 1_000)).toBe('b@1000 W19')
    expect(bench.records('a', 30)).toBe('a@30 W29')
    expect(bench.records('b', 2_000)).toBe('b@2000')
  })

  test('a split that has ended holds nothing back; the last one leaves its own watermark', () => {
    const bench = new Bench(monotonous)
    bench.records('a', 10)
    bench.records('b', 500)
    bench.tracker.removeSplit('a')
    expect(bench.take()).toBe('W499')
    bench.tracker.removeSplit('b')
    bench.tracker.addSplit('c')
    expect(bench.records('c', 100, 600)).toBe('c@100 c@600 W599')
  })

  test('a removed split gives what its periodic generator still had', () => {
    const bench = new Bench(monotonous, { auto: 1_000 })
    bench.records('a', 10)
    bench.tracker.removeSplit('a')
    expect(bench.take()).toBe('W9')
  })

  test('a silent split is idle alone, and comes back without moving the watermark back', () => {
    const bench = new Bench(monotonous.withIdleness(1_000))
    bench.records('a', 10)
    bench.records('b', 500)
    bench.advance(600)
    bench.records('b', 501)
    expect(bench.advance(1_300)).toBe('W500')
    expect(bench.records('a', 20)).toBe('a@20')
    expect(bench.metrics.snapshot().numIdleRecoveries).toBe(1)
    expect(bench.records('b', 600)).toBe('b@600 W599')
    // Having caught up, it counts again.
    bench.records('a', 700)
    expect(bench.records('b', 800)).toBe('b@800 W699')
  })

  test('only when all splits are silent the subtask is idle, and one record ends that', () => {
    const bench = new Bench(monotonous.withIdleness(1_000))
    bench.records('a', 10)
    bench.records('b', 500)
    expect(bench.advance(5_000)).toBe('W499 idle')
    expect(bench.records('b', 600)).toBe('active b@600 W599')
  })

  test('without splits the subtask is idle until one is assigned', () => {
    const bench = new Bench(monotonous.withIdleness(1_000))
    bench.records('a', 10)
    bench.tracker.removeSplit('a')
    expect(bench.advance(5_000)).toBe('idle')
    bench.tracker.addSplit('b')
    expect(bench.take()).toBe('active')
  })

  test('when the only active split ends among idle ones the subtask is idle', () => {
    const bench = new Bench(monotonous.withIdleness(1_000))
    bench.records('a', 10)
    bench.records('b', 20)
    bench.advance(800)
    bench.records('b', 30)
    expect(bench.advance(1_300)).toBe('W29')
    bench.tracker.removeSplit('b')
    expect(bench.take()).toBe('idle')
  })

  test('after a restore late records stay late, whatever their split', () => {
    const bench = new Bench(monotonous)
    bench.tracker.addSplit('a')
    bench.tracker.addSplit('b')
    bench.tracker.restore(400)
    expect(bench.records('a', 100)).toBe('W400 a@100')
    expect(bench.records('b', 900)).toBe('b@900')
    expect(bench.records('a', 500)).toBe('a@500 W499')
  })

  test('the watermark of many splits follows emitEvery', () => {
    const bench = new Bench(monotonous.emitEvery(100))
    bench.tracker.addSplit('a')
    bench.records('b', 5_000)
    expect(bench.records('a', 10, 50, 110, 205)).toBe('a@10 W9 a@50 a@110 W109 a@205')
  })
})

describe('timestamps too far ahead', () => {
  const TOO_FAR = outputTag<string>('too far')
  const day = 24 * HOUR_MS

  test('do not move the watermark and go to the side output', () => {
    const strategy = monotonous.withMaxForwardJump(HOUR_MS, { tag: TOO_FAR })
    const bench = new Bench(strategy, { nowMs: IN_2026_MS })
    bench.record('now', IN_2026_MS)
    bench.record('tomorrow', IN_2026_MS + day)
    bench.record('soon', IN_2026_MS + HOUR_MS)
    expect(bench.late).toEqual(['tomorrow'])
    expect(bench.metrics.snapshot().numRecordsTooFarAhead).toBe(1)
    expect(bench.take()).toBe(
      `now@${IN_2026_MS} W${IN_2026_MS - 1} soon@${IN_2026_MS + HOUR_MS} W${IN_2026_MS + HOUR_MS - 1}`,
    )
  })

  test('a gap in old records is no mistake by the clock, and is one by the records alone', () => {
    const gap = [1_000, 10 * HOUR_MS]
    const byClock = new Bench(monotonous.withMaxForwardJump(HOUR_MS), { nowMs: IN_2026_MS })
    for (const atMs of gap) byClock.record('r', atMs)
    expect(byClock.metrics.snapshot().numRecordsTooFarAhead).toBeUndefined()
    const strategy = monotonous.withMaxForwardJump(HOUR_MS, { reference: 'event-time' })
    const byRecords = new Bench(strategy, { nowMs: IN_2026_MS })
    for (const atMs of gap) byRecords.record('r', atMs)
    byRecords.record('r', 1_000 + HOUR_MS)
    expect(byRecords.metrics.snapshot().numRecordsTooFarAhead).toBe(1)
    expect(byRecords.take()).toBe('r@1000 W999 r@3601000 W3600999')
  })

  test('the first record is compared with the clock, after a restore with the watermark', () => {
    const strategy = monotonous.withMaxForwardJump(HOUR_MS, { reference: 'event-time' })
    const fresh = new Bench(strategy, { nowMs: 0 })
    fresh.record('r', 2 * HOUR_MS)
    expect(fresh.take()).toBe('')
    const restored = new Bench(strategy, { nowMs: 10 * HOUR_MS })
    restored.tracker.restore(5_000)
    restored.record('r', 2 * HOUR_MS)
    expect(restored.take()).toBe('W5000')
  })

  test('every split has its own limit', () => {
    const strategy = monotonous.withMaxForwardJump(10, { reference: 'event-time' })
    const bench = new Bench(strategy, { nowMs: 1_000 })
    bench.records('a', 100)
    expect(bench.records('b', 900, 911)).toBe('b@900')
    expect(bench.records('a', 111, 110)).toBe('a@110 W109')
  })
})

describe('a warning, once, with the likely cause', () => {
  const assigned = watermarks
    .monotonous<string>()
    .withTimestampAssigner((order: unknown) => Number((order as string).split(' ')[1]))
  const run = (...timestamps: number[]): readonly string[] => {
    const bench = new Bench(assigned, { nowMs: IN_2026_MS })
    for (const atMs of timestamps) bench.record(`at ${atMs}`, Number.NaN)
    return bench.warnings
  }

  test('for seconds in place of milliseconds, also if good records came before', () => {
    const seconds = IN_2026_MS / 1_000
    for (const timestamps of [[seconds], [IN_2026_MS, seconds, seconds + 1]]) {
      const warnings = run(...timestamps)
      expect(warnings).toHaveLength(1)
      expect(warnings[0]).toMatch(/1768478400 of the timestamp assigner '\(order\) =>.*1970/)
      expect(warnings[0]).toMatch(/in seconds, which would be 2026-01-15T12:00:00.000Z.*by 1000/)
    }
  })

  test('for microseconds and for a local time read as UTC', () => {
    expect(run(IN_2026_MS * 1_000)[0]).toMatch(/microseconds/)
    expect(run(IN_2026_MS + 2 * HOUR_MS + 1_000)[0]).toMatch(/ahead of the clock by 2 hours/)
    expect(run(IN_2026_MS + 5.5 * HOUR_MS)[0]).toMatch(/5.5 hours/)
  })

  test('never for good timestamps, toys, or a clock that shows 1970 itself', () => {
    expect(run(IN_2026_MS, IN_2026_MS + 5_000, IN_2026_MS - 9 * HOUR_MS)).toEqual([])
    expect(run(0, 5_000, 60_000)).toEqual([])
    const bench = new Bench(assigned, { nowMs: 1_000 })
    bench.record('at 1768478400', Number.NaN)
    expect(bench.warnings).toEqual([])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { HarnessOptions } from '../../testing/harness-options.ts'
import { type OperatorHarness, operatorHarness } from '../../testing/operator-harness.ts'
import type { RecordErrorPolicy } from '../record-error-policy.ts'
import { DEAD_LETTERS } from '../record-error-policy.ts'
import { timestampsAndWatermarksOperator } from './timestamps-and-watermarks-operator.ts'
import type { WatermarkGenerator } from './watermark-generator.ts'
import { type WatermarkStrategy, watermarks } from './watermark-strategy.ts'

/** A record that is its own timestamp, `!` if it is a marker. */
const timeOf = (text: string): number => Number.parseFloat(text)

/** Watermarks of a clock or of a fresh generator differ where operators are replaced. */
const sameOperator = ['plain', 'batch-of-one', 'batch-random', 'batch-all', 'frozen'] as const

function harness(
  strategy: WatermarkStrategy<string>,
  options: HarnessOptions = {},
): OperatorHarness<string, string> {
  const operator = timestampsAndWatermarksOperator(strategy.withTimestampAssigner(timeOf))
  return operatorHarness<string, string>({ operator, modes: sameOperator, ...options })
}

describe('periodic generators', () => {
  test('emit at the auto watermark interval', () => {
    const h = harness(watermarks.boundedOutOfOrderness(3), { autoWatermarkIntervalMs: 1_000 })
    h.process(['10', '20', '15'])
    h.advanceProcessingTime(999)
    expect(h.timeline).toBe('10@10 20@20 15@15')
    h.advanceProcessingTime(1_000)
    h.advanceProcessingTime(2_500)
    h.process(['40'])
    h.advanceProcessingTime(3_000)
    expect(h.timeline).toBe('10@10 20@20 15@15 W16 40@40 W36')
    h.close()
  })

  test('emit after every record at interval 0', () => {
    const h = harness(watermarks.monotonous(), { autoWatermarkIntervalMs: 0 })
    h.process(['10', '20', '15', '30'])
    expect(h.timeline).toBe('10@10 W9 20@20 W19 15@15 30@30 W29')
    h.close()
  })

  test('may be own ones', () => {
    let calls = 0
    const countingDown: WatermarkGenerator<string> = {
      onEvent: () => {},
      onPeriodicEmit: (output) => output.emitWatermark(100 * ++calls),
    }
    const h = harness(
      watermarks.generator(() => countingDown),
      {
        autoWatermarkIntervalMs: 50,
        modes: ['plain'],
      },
    )
    h.advanceProcessingTime(49)
    expect(calls).toBe(0)
    h.advanceProcessingTime(150)
    expect(h.watermarks).toEqual([100, 200, 300])
    h.close()
  })
})

test('a punctuated generator advances the watermark right behind a marker', () => {
  const punctuated = watermarks.generator<string>(() => ({
    onEvent: (value, timestampMs, output) => {
      if (value.endsWith('!')) output.emitWatermark(timestampMs)
    },
    onPeriodicEmit: () => {},
  }))
  const h = harness(punctuated)
  h.process(['1', '5!', '3', '4!', '9!', '2'])
  expect(h.timeline).toBe('1@1 5!@5 W5 3@3 4!@4 9!@9 W9 2@2')
  h.close()
})

describe('emitEvery', () => {
  test('emits as soon as the watermark is that far ahead, whatever the clock', () => {
    const h = harness(watermarks.monotonous<string>().emitEvery(10))
    h.process(['1', '5', '10'])
    h.advanceProcessingTime(10_000)
    h.process(['11', '20', '31', '31'])
    expect(h.timeline).toBe('1@1 W0 5@5 10@10 11@11 W10 20@20 31@31 W30 31@31')
    h.close()
  })

  test('is a function of the input: batches, clock, failures change nothing', () => {
    const times = fc.array(fc.nat({ max: 200 }), { maxLength: 30 })
    fc.assert(
      fc.property(times, fc.array(fc.nat({ max: 30 }), { maxLength: 3 }), (input, cuts) => {
        const strategy = watermarks.boundedOutOfOrderness<string>(5).emitEvery(20)
        const records = input.map(String)
        const whole = harness(strategy, { modes: ['plain'] })
        whole.process(records)
        const cut = harness(strategy, { modes: ['plain'] })
        let from = 0
        for (const to of [...cuts.map((c) => c % (records.length + 1)).sort((a, b) => a - b)]) {
          cut.process(records.slice(from, to))
          cut.advanceProcessingTime(cut.processingTimeMs + 500)
          cut.restore(cut.snapshot())
          from = to
        }
        cut.process(records.slice(from))
        expect(cut.timeline).toBe(whole.timeline)
        whole.close()
        cut.close()
      }),
      { seed: 9, numRuns: 100 },
    )
  })
})

describe('upstream', () => {
  test('watermarks and statuses end here, the last watermark passes', () => {
    const h = harness(watermarks.monotonous())
    h.process(['50'])
    h.watermark(7)
    h.watermarkStatus(true)
    h.watermarkStatus(false)
    h.watermark(MAX_WATERMARK_MS)
    h.endInput()
    expect(h.timeline).toBe('50@50 WMAX')
    h.advanceProcessingTime(100_000)
    expect(h.watermarks).toEqual([MAX_WATERMARK_MS])
    h.close()
  })

  test('without an assigner records keep their timestamps; without watermarks they need none', () => {
    const keep = timestampsAndWatermarksOperator(watermarks.monotonous<string>().emitEvery(1))
    const h = operatorHarness<string, string>({ operator: keep })
    h.process(['a'], 4)
    expect(h.timeline).toBe('a@4 W3')
    h.close()
    const none = timestampsAndWatermarksOperator(watermarks.none<string>())
    const free = operatorHarness<string, string>({ operator: none })
    free.process(['a'])
    free.watermark(MAX_WATERMARK_MS)
    expect(free.timeline).toBe('a WMAX')
    free.close()
  })
})

describe('idleness', () => {
  const strategy = watermarks.monotonous<string>().withIdleness(2_000)

  test('a silent input is idle after the timeout, and active before its next record', () => {
    const h = harness(strategy, { autoWatermarkIntervalMs: 100_000 })
    h.process(['10'])
    h.advanceProcessingTime(1_999)
    expect(h.timeline).toBe('10@10')
    h.advanceProcessingTime(2_500)
    expect(h.timeline).toBe('10@10 W9 idle')
    h.process(['11'])
    h.advanceProcessingTime(5_000)
    expect(h.timeline).toBe('10@10 W9 idle active 11@11 W10 idle')
    h.close()
  })

  test('an input that has ended is not idle', () => {
    const h = harness(strategy)
    h.process(['5'])
    h.watermark(MAX_WATERMARK_MS)
    h.advanceProcessingTime(20_000)
    expect(h.timeline).toBe('5@5 WMAX')
    h.close()
  })

  test('an input that never had a record becomes idle', () => {
    const h = harness(strategy)
    h.advanceProcessingTime(2_000)
    expect(h.timeline).toBe('idle')
    h.watermark(MAX_WATERMARK_MS)
    h.advanceProcessingTime(20_000)
    expect(h.timeline).toBe('idle active WMAX')
    h.close()
  })

  test('a generator is not asked while its input is idle', () => {
    let now = 0
    const ownTime = watermarks.generator<string>(() => ({
      onEvent: () => {},
      onPeriodicEmit: (output) => output.emitWatermark(++now),
    }))
    const h = harness(ownTime.withIdleness(400), { autoWatermarkIntervalMs: 300, modes: ['plain'] })
    h.advanceProcessingTime(5_000)
    expect(h.timeline).toBe('W1 W2 idle')
    h.close()
  })

  test('records keep it active', () => {
    const h = harness(strategy, { autoWatermarkIntervalMs: 100_000 })
    for (let nowMs = 1_000; nowMs <= 20_000; nowMs += 1_000) {
      h.process(['1'])
      h.advanceProcessingTime(nowMs)
    }
    expect(h.timeline).not.toContain('idle')
    h.close()
  })
})

describe('a record without a proper timestamp', () => {
  const broken = (recordErrorPolicy: RecordErrorPolicy): OperatorHarness<unknown, unknown> =>
    operatorHarness({
      operator: timestampsAndWatermarksOperator(
        watermarks
          .monotonous<{ t?: unknown }>()
          .emitEvery(1)
          .withTimestampAssigner((r) => r.t as number) as WatermarkStrategy<unknown>,
      ),
      recordErrorPolicy,
      modes: ['plain'],
    })

  test.each([
    {},
    { t: '5' },
    { t: Number.NaN },
    { t: Number.POSITIVE_INFINITY },
    { t: new Date(5) },
    { t: '1767000000000' },
    { t: new Date(1_767_000_000_000) },
    { t: Number.NEGATIVE_INFINITY },
  ])('%j is reported with the record', (record) => {
    // A first record like the others has been looked at before.
    expect(() => broken('fail').process([{ t: 1_767_000_000_000 }, record])).toThrow(
      expect.objectContaining({
        code: ErrorCode.USER_FUNCTION,
        message: expect.stringMatching(/record 1 of its batch.*assigner returned.*Record: \{/s),
      }),
    )
  })

  test('follows the record error policy', () => {
    const h = broken('dead-letter')
    h.process([{ t: 5 }, {}, { t: 6 }])
    expect(h.output).toEqual([{ t: 5 }, { t: 6 }])
    expect(h.sideOutput(DEAD_LETTERS)).toHaveLength(1)
  })

  test('and no assigner names the missing assigner', () => {
    const operator = timestampsAndWatermarksOperator(watermarks.monotonous<string>())
    const h = operatorHarness<string>({ operator, modes: ['plain'] })
    expect(() => h.process(['a'])).toThrow(/withTimestampAssigner/)
  })
})

test('a restored subtask goes on from its own watermark', () => {
  const h = harness(watermarks.monotonous<string>().emitEvery(1), {
    parallelism: 2,
    modes: ['plain'],
  })
  h.process(['10', '30']) // round robin: one record to each subtask
  h.restore(h.snapshot())
  h.process(['50', '20']) // the second subtask stands at 29, so that 20 is late and moves nothing
  expect(h.watermarks).toEqual([9, 29])
})

test('the restored watermark goes before the first record, even if that is processed first', () => {
  const emitted: unknown[] = []
  const operator = timestampsAndWatermarksOperator(watermarks.monotonous<string>())()
  const state = [{ subtaskIndex: 0, parallelism: 1, watermarkMs: 9 }]
  operator.setup({
    output: {
      collect: (value: unknown) => emitted.push(value),
      emitWatermark: (timestampMs: number) => emitted.push(timestampMs),
    },
    task: { subtaskIndex: 0, parallelism: 1 },
    autoWatermarkIntervalMs: 0,
    operatorState: { getUnionListState: () => ({ get: () => state }) },
    processingTime: { nowMs: () => 0 },
    execute: () => {}, // the mail is not read yet
  } as never)
  operator.initializeState()
  operator.open()
  operator.processBatch(RecordBatch.of(['a'], 5))
  expect(emitted).toEqual([9, 'a'])
})

test('after a change of parallelism every subtask goes on from the lowest watermark', () => {
  const h = harness(watermarks.monotonous<string>().emitEvery(1), {
    parallelism: 2,
    modes: ['plain'],
  })
  h.process(['10', '30']) // round robin: one record to each subtask
  const snapshot = h.snapshot()
  h.restore(snapshot, { parallelism: 3 })
  expect(h.watermarks).toEqual([9])
  const late = harness(watermarks.monotonous<string>().emitEvery(1), { modes: ['plain'] })
  late.restore(snapshot, { parallelism: 1 })
  late.process(['5', '20'])
  expect(late.timeline).toBe('W9 5@5 20@20 W19')
})

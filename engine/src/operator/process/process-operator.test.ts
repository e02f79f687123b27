import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { outputTag } from '../../core/output-tag.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import type { ProcessFunction } from './process-function.ts'
import { processOperator } from './process-operator.ts'

const odd = outputTag<number>('odd')

const split: ProcessFunction<number, number> = {
  processElement(value, ctx, out) {
    if (value % 2 === 0) out.collect(value)
    else ctx.output(odd, value)
  },
}

test('even records to the main output, odd ones to the side', () => {
  const h = operatorHarness<number, number>({ operator: processOperator(split) })
  h.process([1, 2, 3, 4, 5], 9)
  expect(h.output).toEqual([2, 4])
  expect(h.sideOutput(odd)).toEqual([1, 3, 5])
  expect(h.outputWithTimestamps.map((r) => r.timestampMs)).toEqual([9, 9])
  h.close()
})

test('reads timestamp, watermark and processing time', () => {
  const fn: ProcessFunction<string, string> = {
    processElement(value, ctx, out) {
      const { timerService } = ctx
      const watermarkMs = timerService.currentWatermark()
      out.collect(
        `${value} ${ctx.timestamp()} ${watermarkMs} ${timerService.currentProcessingTime()}`,
      )
    },
  }
  // A fresh operator knows no watermark, so modes that restore cannot agree.
  const h = operatorHarness<string, string>({
    operator: processOperator(fn),
    startMs: 70,
    modes: ['plain', 'batch-of-one'],
  })
  h.watermark(3)
  h.process(['a'], 5)
  h.process(['b'])
  expect(h.output).toEqual(['a 5 3 70', 'b NaN 3 70'])
  h.close()
})

describe('timers off a keyed stream', () => {
  test.each([
    'registerEventTimeTimer',
    'registerProcessingTimeTimer',
    'deleteEventTimeTimer',
    'deleteProcessingTimeTimer',
  ] as const)('%s is refused with the cure', (method) => {
    const fn: ProcessFunction<number, number> = {
      processElement: (_value, ctx) => ctx.timerService[method](1),
    }
    const h = operatorHarness({
      operator: processOperator(fn),
      recordErrorPolicy: 'skip',
      modes: [],
    })
    expect(() => h.process([1])).toThrow(
      expect.objectContaining({
        code: ErrorCode.INVALID_PROGRAM,
        message: expect.stringContaining('keyBy'),
      }),
    )
  })
})

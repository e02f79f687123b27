import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { types } from '../../types/types.ts'
import { type BufferAndFlushOptions, bufferAndFlushOperator } from './buffer-and-flush.ts'

const type = types.int

function operatorOf(options: BufferAndFlushOptions<number>) {
  return bufferAndFlushOperator({ type, ...options })
}

test('arrays leave when they are full, the tail after the interval, in every mode', () => {
  const end = runInAllModes<number, number[]>(
    { operator: operatorOf({ size: 10, intervalMs: 1_000 }) },
    (harness) => {
      harness.process(Array.from({ length: 13 }, (_, i) => i))
      harness.advanceProcessingTime(600)
      harness.process([13, 14, 15, 16])
      harness.advanceProcessingTime(999)
      expect(harness.output).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]])
      harness.advanceProcessingTime(1_000)
      expect(harness.output[1]).toEqual([10, 11, 12, 13, 14, 15, 16])
      harness.process([17])
      harness.endInput()
    },
  )
  expect(end.output[2]).toEqual([17])
})

test('what waits survives a failure, and still leaves when its time has come', () => {
  const operator = operatorOf({ size: 100, intervalMs: 1_000 })
  const harness = operatorHarness<number, number[]>({ operator, modes: ['plain'] })
  harness.process([1, 2, 3, 4, 5, 6, 7], 50)
  harness.advanceProcessingTime(700)
  harness.restore(harness.snapshot())
  harness.advanceProcessingTime(999)
  expect(harness.output).toEqual([])
  harness.advanceProcessingTime(1_000)
  expect(harness.outputWithTimestamps).toEqual([{ value: [1, 2, 3, 4, 5, 6, 7], timestampMs: 50 }])
  harness.restore(harness.snapshot())
  harness.advanceProcessingTime(10_000)
  expect(harness.output).toHaveLength(1)
  harness.close()
})

test('with onCheckpoint a checkpoint takes everything along and leaves no state', () => {
  const operator = operatorOf({ size: 100, onCheckpoint: true })
  const harness = operatorHarness<number, number[]>({ operator, modes: ['plain'] })
  harness.process([1, 2])
  const snapshot = harness.snapshot()
  expect(harness.output).toEqual([[1, 2]])
  harness.restore(snapshot)
  harness.process([3])
  harness.endInput()
  expect(harness.output).toEqual([[1, 2], [3]])
  harness.close()
})

describe('watermarks', () => {
  test('wait for the array whose timestamp they have reached', () => {
    const operator = operatorOf({ size: 3 })
    const harness = operatorHarness<number, number[]>({ operator, modes: ['plain'] })
    harness.process([1], 10)
    harness.process([2], 20)
    harness.watermark(15)
    harness.watermark(20)
    harness.watermark(25)
    expect(harness.timeline).toBe('W15')
    harness.process([3], 18)
    harness.watermark(30)
    expect(harness.timeline).toBe('W15 [1,2,3]@20 W25 W30')
    harness.close()
  })

  test('the last one and idleness empty the buffer', () => {
    const operator = operatorOf({ size: 9 })
    const harness = operatorHarness<number, number[]>({ operator, modes: ['plain'] })
    harness.process([1], 10)
    harness.watermarkStatus(true)
    harness.watermarkStatus(false)
    harness.process([2], 20)
    harness.watermark(MAX_WATERMARK_MS)
    expect(harness.timeline).toBe('[1]@10 idle active [2]@20 WMAX')
    harness.close()
  })
})

test.each([{}, { size: 0 }, { size: 1.5 }, { intervalMs: 0 }, { intervalMs: Number.NaN }])(
  'the options %j are refused',
  (options) => {
    expect(() => bufferAndFlushOperator(options)).toThrow(
      expect.objectContaining({ code: ErrorCode.INVALID_ARGUMENT }),
    )
  },
)

test('arrays hold every record once and in order, whenever failures happen', () => {
  type Step = { readonly send: number } | { readonly pass: number } | 'snapshot' | 'restore'
  const steps: fc.Arbitrary<Step[]> = fc.array(
    fc.oneof(
      fc.record({ send: fc.integer({ min: 1, max: 5 }) }),
      fc.record({ pass: fc.nat({ max: 80 }) }),
      fc.constantFrom('snapshot' as const, 'restore' as const),
    ),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(steps, fc.boolean(), (run, onCheckpoint) => {
      const operator = operatorOf({ size: 4, intervalMs: 100, onCheckpoint })
      const harness = operatorHarness<number, number[]>({ operator, modes: ['plain'] })
      let next = 0
      for (const step of run) {
        // A restore from a snapshot that is drawn right before it loses and repeats nothing.
        if (step === 'restore') harness.restore(harness.snapshot())
        else if (step === 'snapshot') harness.snapshot()
        else if ('pass' in step) harness.advanceProcessingTime(harness.processingTimeMs + step.pass)
        else harness.process(Array.from({ length: step.send }, () => next++))
      }
      harness.endInput()
      expect(harness.output.flat()).toEqual(Array.from({ length: next }, (_, i) => i))
      expect(harness.output.every((array) => array.length <= 4)).toBe(true)
      harness.close()
    }),
    { seed: 11, numRuns: 100 },
  )
})

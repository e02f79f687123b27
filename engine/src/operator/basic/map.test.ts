import { expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { mapOperator } from './map.ts'

test('maps each record and keeps its timestamp', () => {
  const h = operatorHarness<number, number>({ operator: mapOperator((n: number) => n * 2) })
  h.process([1, 2, 3], 7)
  expect(h.output).toEqual([2, 4, 6])
  expect(h.outputWithTimestamps.map((r) => r.timestampMs)).toEqual([7, 7, 7])
  h.close()
})

test('passes watermarks and statuses on, the last one too', () => {
  const h = operatorHarness<number, number>({ operator: mapOperator((n: number) => n) })
  h.process([1], 1)
  h.watermark(5)
  h.watermarkStatus(true)
  h.watermarkStatus(false)
  h.watermark(MAX_WATERMARK_MS)
  h.endInput()
  expect(h.timeline).toBe('1@1 W5 idle active WMAX')
  h.close()
})

test('a function object sees what it set in open', () => {
  class Scale {
    factor = 0
    open(): void {
      this.factor += 3
    }
    map(value: number): number {
      return value * this.factor
    }
  }
  const h = operatorHarness<number, number>({ operator: mapOperator(new Scale()) })
  h.process([1, 2])
  expect(h.output).toEqual([3, 6]) // in every mode, so that no two subtasks share the field
  h.close()
})

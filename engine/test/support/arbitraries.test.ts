import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../src/core/stream-element.ts'
import { batchings, fewKeys, outOfOrderStream } from './arbitraries.ts'

/**
 * How many records stand behind a watermark, and whether watermarks and the disorder are in bounds.
 */
function judge(stream: readonly { kind: string; timestampMs?: number }[], disorderMs: number) {
  let watermarkMs = Number.NEGATIVE_INFINITY
  let highestMs = Number.NEGATIVE_INFINITY
  let late = 0
  for (const { kind, timestampMs = 0 } of stream) {
    if (kind === 'watermark') {
      expect(timestampMs).toBeGreaterThan(watermarkMs)
      watermarkMs = timestampMs
    } else {
      if (timestampMs <= watermarkMs) late++
      highestMs = Math.max(highestMs, timestampMs)
      expect(highestMs - timestampMs).toBeLessThanOrEqual(disorderMs)
    }
  }
  expect(watermarkMs).toBe(MAX_WATERMARK_MS)
  return late
}

test('streams stay within their disorder; records are late only when asked for', () => {
  let lateCount = 0
  let watermarkCount = 0
  fc.assert(
    fc.property(
      outOfOrderStream(fewKeys()),
      outOfOrderStream(fewKeys(), { late: true }),
      (punctual, late) => {
        expect(judge(punctual, 20)).toBe(0)
        lateCount += judge(late, 20)
        watermarkCount += punctual.filter((event) => event.kind === 'watermark').length
      },
    ),
    { seed: 3, numRuns: 200 },
  )
  expect(lateCount).toBeGreaterThan(100)
  expect(watermarkCount).toBeGreaterThan(400)
})

test('batchings keep all records in order and make no empty batch', () => {
  const records = [1, 2, 3, 4, 5, 6]
  const sizes = new Set<number>()
  fc.assert(
    fc.property(batchings(records), (batches) => {
      expect(batches.flat()).toEqual(records)
      for (const batch of batches) expect(batch.length).toBeGreaterThan(0)
      sizes.add(batches.length)
    }),
    { seed: 3, numRuns: 100 },
  )
  expect(sizes.size).toBeGreaterThan(3)
})

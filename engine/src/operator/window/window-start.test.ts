import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { alignedWindowsOf } from './assigners/aligned-windows-of.ts'
import { windowStartOf } from './window-start.ts'

const timestamp = fc.integer({ min: -1_000_000, max: 1_000_000 })
const size = fc.integer({ min: 1, max: 5_000 })
const anyOffset = fc.integer({ min: -4_999, max: 4_999 })

describe('windowStartOf', () => {
  test.each([
    [0, 0, 10, 0],
    [9, 0, 10, 0],
    [10, 0, 10, 10],
    [-1, 0, 10, -10],
    [-10, 0, 10, -10],
    [-11, 0, 10, -20],
    [5, -3, 10, -3],
    [-4, -3, 10, -13],
  ])('timestamp %i, offset %i, size %i: start %i', (timestampMs, offsetMs, sizeMs, startMs) => {
    expect(windowStartOf(timestampMs, offsetMs, sizeMs)).toBe(startMs)
  })

  test('the window holds the record, and its end belongs to the next window', () => {
    fc.assert(
      fc.property(timestamp, anyOffset, size, (timestampMs, anyMs, sizeMs) => {
        const offsetMs = anyMs % sizeMs
        const startMs = windowStartOf(timestampMs, offsetMs, sizeMs)
        expect(startMs).toBeLessThanOrEqual(timestampMs)
        expect(timestampMs).toBeLessThan(startMs + sizeMs)
        expect(Number.isInteger((startMs - offsetMs) / sizeMs)).toBe(true)
        expect(Object.is(startMs, -0)).toBe(false)
        expect(windowStartOf(startMs, offsetMs, sizeMs)).toBe(startMs)
        expect(windowStartOf(startMs + sizeMs - 1, offsetMs, sizeMs)).toBe(startMs)
        expect(windowStartOf(startMs + sizeMs, offsetMs, sizeMs)).toBe(startMs + sizeMs)
      }),
      { seed: 1, numRuns: 500 },
    )
  })
})

test('alignedWindowsOf gives exactly the windows that hold the timestamp', () => {
  const small = fc.integer({ min: 1, max: 40 })
  fc.assert(
    fc.property(fc.integer({ min: -99, max: 99 }), small, small, fc.nat(39), (t, s, slide, o) => {
      const offsetMs = o % slide
      const found = alignedWindowsOf(t, { sizeMs: s, slideMs: slide, offsetMs })
      const expected: number[] = []
      for (let n = 200; n >= -200; n--) {
        const startMs = offsetMs + n * slide
        if (startMs <= t && t < startMs + s) expected.push(startMs)
      }
      expect(found.map((window) => window.startMs)).toEqual(expected)
      expect(found.every((window) => window.endMs - window.startMs === s)).toBe(true)
    }),
    { seed: 2, numRuns: 500 },
  )
})

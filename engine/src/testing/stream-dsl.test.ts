import { expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../core/stream-element.ts'
import { events, formatEvents } from './stream-dsl.ts'

test('reads records, watermarks and statuses', () => {
  expect(events(' a@1 b  W3 idle active c@-2 WMAX')).toEqual([
    { kind: 'record', value: 'a', timestampMs: 1 },
    { kind: 'record', value: 'b', timestampMs: NaN },
    { kind: 'watermark', timestampMs: 3 },
    { kind: 'watermark-status', idle: true },
    { kind: 'watermark-status', idle: false },
    { kind: 'record', value: 'c', timestampMs: -2 },
    { kind: 'watermark', timestampMs: MAX_WATERMARK_MS },
  ])
})

test('writes what it read', () => {
  const text = 'a@1 b W3 idle active W-7 c@-2 WMAX Wanda'
  expect(formatEvents(events(text))).toBe(text)
})

test('refuses a word that is no element', () => {
  expect(() => events('a@1 b@two')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(() => events('@1')).toThrow(/'@1' is no stream element/)
})

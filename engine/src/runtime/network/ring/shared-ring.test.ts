import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../base/engine-error.ts'
import { createRing, FrameKind, RingReader, RingWriter } from './shared-ring.ts'

const RING_BYTES = 4_096

/** What a test does to a ring: writes a frame of so many bytes, or reads one. */
const step = fc.oneof(
  fc.record({ write: fc.integer({ min: 0, max: RING_BYTES / 2 - 16 }) }),
  fc.record({ write: fc.integer({ min: 0, max: 40 }) }),
  fc.constant('read' as const),
)

test('property: frames come out as they went in, in order, and none is lost when there is no room', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const ring = createRing(RING_BYTES)
      const writer = new RingWriter(ring)
      const reader = new RingReader(ring)
      const inFlight: Uint8Array[] = []
      let inFlightBytes = 0
      steps.forEach((next, number) => {
        if (next === 'read') {
          const frame = reader.peek()
          const expected = inFlight.shift()
          expect(frame === undefined).toBe(expected === undefined)
          if (frame === undefined || expected === undefined) return
          expect(reader.memory.bytes.slice(frame.at, frame.at + frame.length)).toEqual(expected)
          expect(frame.at % 8).toBe(0)
          inFlightBytes -= expected.length
          reader.advance()
          return
        }
        const payload = new Uint8Array(next.write).fill(number)
        const written = writer.write(FrameKind.RECORDS, payload, payload.length)
        // A frame of half the ring always fits into an empty one, wherever its counters are.
        if (inFlight.length === 0) expect(written).toBe(true)
        if (!written) expect(inFlightBytes + payload.length).toBeGreaterThan(RING_BYTES / 4)
        else {
          inFlight.push(payload)
          inFlightBytes += payload.length
        }
      })
    }),
    { seed: 51, numRuns: 500 },
  )
})

test('counters wrap after four gigabytes without a trace', () => {
  const ring = createRing(RING_BYTES)
  const writer = new RingWriter(ring)
  const reader = new RingReader(ring)
  const payload = new Uint8Array(RING_BYTES / 2 - 16)
  for (let i = 0; i < 2 ** 32 / (RING_BYTES / 2) + 10; i++) {
    const written = writer.write(FrameKind.RECORDS, payload, payload.length)
    if (!written || reader.peek()?.length !== payload.length) throw new Error(`frame ${i} is lost`)
    reader.advance()
  }
  expect(reader.peek()).toBeUndefined()
  expect(writer.freeBytes).toBe(RING_BYTES)
})

test('a ring is a power of two of at least 4096 bytes', () => {
  for (const size of [1_000, 2_048, 5_000]) {
    expect(() => createRing(size)).toThrow(expect.objectContaining({ code: ErrorCode.ASSERTION }))
  }
})

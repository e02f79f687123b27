import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  BoundedOutOfOrdernessGenerator,
  MonotonousTimestampsGenerator,
} from './watermark-generator.ts'
import { watermarks } from './watermark-strategy.ts'

function emitted(run: (output: { emitWatermark(timestampMs: number): void }) => void): number[] {
  const result: number[] = []
  run({ emitWatermark: (timestampMs) => result.push(timestampMs) })
  return result
}

test('monotonous: the highest timestamp less 1 ms', () => {
  const generator = new MonotonousTimestampsGenerator<string>()
  generator.onEvent('a', 10)
  generator.onEvent('b', 8)
  expect(emitted((output) => generator.onPeriodicEmit(output))).toEqual([9])
})

test('bounded: the highest timestamp less the bound less 1 ms', () => {
  const generator = new BoundedOutOfOrdernessGenerator<string>(3_000)
  generator.onEvent('a', 12_999)
  expect(emitted((output) => generator.onPeriodicEmit(output))).toEqual([9_998])
  generator.onEvent('b', 13_000)
  expect(emitted((output) => generator.onPeriodicEmit(output))).toEqual([9_999])
})

test('no record is late as long as the disorder stays within the bound', () => {
  const boundMs = 50
  // A record is moved by less than the bound, so none is older than the highest before by more.
  const arrival = fc.array(fc.tuple(fc.nat({ max: 500 }), fc.nat({ max: boundMs })), {
    maxLength: 50,
  })
  fc.assert(
    fc.property(arrival, (records) => {
      const byArrival = [...records].sort((a, b) => a[0] + a[1] - (b[0] + b[1]))
      const generator = new BoundedOutOfOrdernessGenerator<unknown>(boundMs)
      for (const [timestampMs] of byArrival) {
        const [watermarkMs = 0] = emitted((output) => generator.onPeriodicEmit(output))
        expect(timestampMs).toBeGreaterThan(watermarkMs) // at or below it would be late
        generator.onEvent(undefined, timestampMs)
      }
    }),
    { seed: 3, numRuns: 500 },
  )
})

test('wrong settings are refused when the job is built', () => {
  expect(() => watermarks.boundedOutOfOrderness(-1)).toThrow(/>= 0, but is -1/)
  expect(() => watermarks.monotonous().withIdleness(0)).toThrow(/above 0, but is 0/)
  expect(() => watermarks.monotonous().emitEvery(Number.NaN)).toThrow(/above 0, but is NaN/)
})

test('a strategy is immutable and its settings combine', () => {
  const plain = watermarks.monotonous<{ t: number }>()
  const full = plain
    .withTimestampAssigner((r) => r.t)
    .withIdleness(5)
    .emitEvery(7)
  expect([plain.timestampAssigner, plain.idleTimeoutMs, plain.emitEveryMs]).toEqual([
    undefined,
    undefined,
    undefined,
  ])
  expect([full.timestampAssigner?.({ t: 4 }, 0), full.idleTimeoutMs, full.emitEveryMs]).toEqual([
    4, 5, 7,
  ])
  expect(full.createGenerator).toBe(plain.createGenerator)
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { outputTag } from '../../core/output-tag.ts'
import { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { types } from '../../types/types.ts'
import { sortByEventTimeOperator } from './sort-by-event-time.ts'

interface Reading {
  readonly key: string
  readonly atMs: number
  readonly id: number
}

const TYPE = types.row({ key: types.string, atMs: types.int, id: types.int })
const LATE = outputTag<Reading>('late')
const keyOf = (reading: Reading): string => reading.key
const options = {
  operator: sortByEventTimeOperator(keyOf, { type: TYPE, lateTag: LATE }),
  keyBy: keyOf,
}

function batchOf(readings: readonly Reading[]): RecordBatch<Reading> {
  const batch = new RecordBatch<Reading>()
  for (const reading of readings) batch.add(reading, reading.atMs)
  return batch
}

test('records leave in event-time order as the watermark passes them, equal ones as they came', () => {
  const ids = (harness: { output: readonly Reading[] }) => harness.output.map(({ id }) => id)
  const end = runInAllModes<Reading, Reading>(options, (harness) => {
    harness.processBatch(
      batchOf([
        { key: 'a', atMs: 30, id: 1 },
        { key: 'a', atMs: 10, id: 2 },
        { key: 'a', atMs: 20, id: 3 },
        { key: 'a', atMs: 10, id: 4 },
      ]),
    )
    harness.watermark(9)
    expect(ids(harness)).toEqual([])
    harness.watermark(20)
    expect(ids(harness)).toEqual([2, 4, 3])
    harness.process([{ key: 'a', atMs: 25, id: 5 }], 25)
    harness.watermark(MAX_WATERMARK_MS)
    harness.endInput()
  })
  expect(ids(end)).toEqual([2, 4, 3, 5, 1])
  expect(
    end.outputWithTimestamps.every(({ value, timestampMs }) => value.atMs === timestampMs),
  ).toBe(true)
})

test('a record behind the watermark is late, also right after a restore', () => {
  const harness = operatorHarness<Reading, Reading>({ ...options, modes: ['plain'] })
  harness.watermark(20)
  harness.process([{ key: 'a', atMs: 20, id: 1 }], 20)
  harness.restore(harness.snapshot())
  harness.process([{ key: 'a', atMs: 19, id: 2 }], 19)
  harness.process([{ key: 'a', atMs: 21, id: 3 }], 21)
  harness.watermark(30)
  expect(harness.output.map(({ id }) => id)).toEqual([3])
  expect(harness.sideOutput(LATE).map(({ id }) => id)).toEqual([1, 2])
  expect(harness.metrics.numLateRecordsDropped).toBe(1) // of the subtask since the restore
  harness.close()
})

test('a record without timestamp is a record error that says what to do', () => {
  const harness = operatorHarness<Reading>({ ...options, modes: ['plain'] })
  expect(() => harness.process([{ key: 'a', atMs: 0, id: 1 }])).toThrow(
    expect.objectContaining({
      code: ErrorCode.USER_FUNCTION,
      message: expect.stringContaining('watermark strategy'),
    }),
  )
})

test('any input within the bound leaves sorted per key, nothing lost, in every mode', () => {
  const readings = fc.array(
    fc.record({ key: fc.constantFrom('a', 'b', 'c'), jitter: fc.nat({ max: 50 }) }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(readings, (shape) => {
      // Each record is at most 50 ms older than the one before it may have made the watermark.
      const input = shape.map(({ key, jitter }, id) => ({
        key,
        id,
        atMs: 20 * id - jitter + 1_000,
      }))
      const end = runInAllModes<Reading, Reading>(options, (harness) => {
        for (const reading of input) {
          harness.process([reading], reading.atMs)
          harness.watermark(20 * reading.id - 51 + 1_000)
        }
        harness.watermark(MAX_WATERMARK_MS)
        harness.endInput()
      })
      for (const key of ['a', 'b', 'c']) {
        const expected = input
          .filter((reading) => reading.key === key)
          .sort((left, right) => left.atMs - right.atMs || left.id - right.id)
        expect(end.output.filter((reading) => reading.key === key)).toEqual(expected)
      }
      end.close()
    }),
    { seed: 7, numRuns: 25 },
  )
})

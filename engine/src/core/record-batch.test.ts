import { describe, expect, test } from 'vitest'
import { RECORD_BATCH_CAPACITY, RecordBatch } from './record-batch.ts'

function filled<T>(batch: RecordBatch<T>, count: number, recordOf: (n: number) => T): readonly T[] {
  for (let n = 0; n < count; n++) batch.add(recordOf(n), n)
  return batch.values.slice(0, batch.length)
}

describe('a cleared batch', () => {
  test.each([1, 63, 64, 700, 1_023, RECORD_BATCH_CAPACITY, 3_000])(
    'takes records again, %i',
    (n) => {
      const batch = new RecordBatch<object>()
      filled(batch, n, (id) => ({ id }))
      batch.clear()
      expect(batch.length).toBe(0)
      const records = filled(batch, RECORD_BATCH_CAPACITY + 1, (id) => ({ id: -id }))
      expect(records.map((record) => (record as { id: number }).id)).toEqual(
        Array.from({ length: RECORD_BATCH_CAPACITY + 1 }, (_, id) => -id),
      )
      expect(batch.timestamps[RECORD_BATCH_CAPACITY]).toBe(RECORD_BATCH_CAPACITY)
    },
  )

  test('has a new array for objects, so that it never holds an old one', () => {
    const batch = new RecordBatch<object>()
    filled(batch, 64, (id) => ({ id }))
    const { values } = batch
    batch.clear()
    expect(batch.values).not.toBe(values)
    expect(values[63]).toEqual({ id: 63 })
  })

  test('keeps its array for numbers', () => {
    const batch = new RecordBatch<number>()
    filled(batch, 64, (n) => n)
    const { values } = batch
    batch.clear()
    expect(batch.values).toBe(values)
  })
})

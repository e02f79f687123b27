import { expect, test } from 'vitest'
import { RecordBatch } from '../../core/record-batch.ts'
import { SeededRandom } from '../../env/seeded-random.ts'
import { batchLimitOf, limitedTo } from './batch-limit.ts'

const asked = (point: string) => new SeededRandom(1, (name) => name === point)

test('outside of a test a batch is as large as it comes', () => {
  const call = (): void => {}
  expect(limitedTo(batchLimitOf(new SeededRandom(1)), call, call)).toBe(call)
})

test.each([
  ['task.one-record-batches', [['a'], ['b'], ['c'], ['d'], ['e'], ['f'], ['g'], ['h']]],
  ['task.seven-record-batches', [['a', 'b', 'c', 'd', 'e', 'f', 'g'], ['h']]],
])('%s cuts batches', (point, pieces) => {
  const seen: unknown[] = []
  const call = limitedTo(
    batchLimitOf(asked(point)),
    ({ values, timestamps, length }) => {
      seen.push(values.slice(0, length))
      expect([...timestamps.subarray(0, length)]).toEqual(Array.from({ length }, () => 5))
    },
    () => seen.push('between'),
  )
  call(RecordBatch.of([...'abcdefgh'], 5))
  call(new RecordBatch())
  expect(seen).toEqual(pieces.flatMap((piece) => [piece, 'between']))
})

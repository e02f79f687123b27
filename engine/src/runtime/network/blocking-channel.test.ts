import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import { END_OF_INPUT, type StreamElement, watermark } from '../../core/stream-element.ts'
import { BlockingChannel } from './blocking-channel.ts'

/** Sends records as a result partition does: into a batch that the channel hands out. */
function send(channel: BlockingChannel, values: readonly number[]): void {
  const batch = channel.emptyBatch()
  for (const value of values) batch.add(value, value * 10)
  channel.sendBatch(batch)
}

function readAll(channel: BlockingChannel): StreamElement[] {
  const elements: StreamElement[] = []
  for (let next = channel.poll(); next !== undefined; next = channel.poll()) {
    elements.push(next)
    if (next.kind === 'records') channel.recycle()
  }
  return elements
}

function recordsOf(elements: readonly StreamElement[]): readonly unknown[] {
  return elements.flatMap((element) =>
    element.kind === 'records'
      ? element.values
          .slice(0, element.length)
          .map((value, i) => [value, element.timestamps[i] as number])
      : [],
  )
}

const batches = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(fc.nat(), { maxLength: 20 }) },
    fc
      .integer({ min: RECORD_BATCH_CAPACITY - 5, max: RECORD_BATCH_CAPACITY })
      .map((count) => Array.from({ length: count }, (_, i) => i)),
  ),
  { maxLength: 40 },
)

test('BAT-03 all that was sent is read, in order, as often as somebody starts to read', () => {
  const property = fc.property(batches, fc.nat(5), (sent, readers) => {
    const channel = new BlockingChannel()
    for (const values of sent) send(channel, values)
    channel.sendControl(END_OF_INPUT)
    const expected = sent.flat().map((value) => [value, value * 10])
    for (let reader = 0; reader <= readers; reader++) {
      channel.rewind()
      const elements = readAll(channel)
      expect(recordsOf(elements)).toEqual(expected)
      expect(elements.at(-1)).toBe(END_OF_INPUT)
    }
  })
  fc.assert(property, { seed: 1, numRuns: 100 })
})

test('BAT-03 a sender that starts anew leaves nothing of what one before it has sent', () => {
  const channel = new BlockingChannel()
  send(channel, [1, 2])
  channel.sendControl(END_OF_INPUT)
  channel.restart()
  send(channel, [3])
  channel.sendControl(END_OF_INPUT)
  expect(recordsOf(readAll(channel))).toEqual([[3, 30]])
})

test('BAT-03 what has ended may end again: after a restart its tasks come back to commit', () => {
  const channel = new BlockingChannel()
  send(channel, [1])
  channel.sendControl(watermark(7))
  channel.sendControl(END_OF_INPUT)
  channel.sendControl(watermark(7))
  channel.sendControl(END_OF_INPUT)
  expect(readAll(channel).map(({ kind }) => kind)).toEqual(['records', 'watermark', 'end'])
})

test('BAT-03 barriers end here, and small batches are put together', () => {
  const channel = new BlockingChannel()
  const spare = channel.emptyBatch()
  channel.sendBatch(spare)
  for (let n = 0; n < 3_000; n++) send(channel, [n])
  channel.sendControl({ kind: 'barrier', checkpointId: 1, triggeredMs: 0, purpose: 'checkpoint' })
  channel.sendControl(END_OF_INPUT)
  expect(channel.queued).toBe(4)
  expect(recordsOf(readAll(channel))).toHaveLength(3_000)
})

test('BAT-03 reading before the end is a mistake of the engine', () => {
  const channel = new BlockingChannel()
  channel.sendBatch(RecordBatch.of([1]))
  expect(() => channel.poll()).toThrow('before its sender has ended')
  expect(channel.hasCredit).toBe(true)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import { LocalChannel } from './channel.ts'
import { InputGate } from './input-gate.ts'
import { type ChannelSelector, ResultPartition } from './result-partition.ts'

/** A batch as an operator's output has it: of the full capacity. */
function batchOf(values: readonly number[]): RecordBatch {
  const batch = new RecordBatch()
  for (const value of values) batch.add(value, value * 10)
  return batch
}

function numbersFrom(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}

function partitionInto(...channels: readonly LocalChannel[]): ResultPartition {
  const select: ChannelSelector = (values, length, selected) => {
    for (let i = 0; i < length; i++) selected[i] = (values[i] as number) % channels.length
  }
  return new ResultPartition(channels, select, false)
}

describe('the batches of an exchange', () => {
  test('a batch taken for the only channel is sent without a copy', () => {
    const channel = new LocalChannel(4)
    const batch = batchOf(numbersFrom(0, 600))
    const { values, timestamps } = batch
    partitionInto(channel).takeBatch(batch)
    const sent = channel.poll() as RecordBatch
    expect(sent.length).toBe(600)
    expect(sent.values).toBe(values)
    expect(sent.timestamps).toBe(timestamps)
    expect(batch.values).not.toBe(values)
    expect(batch.timestamps).not.toBe(timestamps)
    expect([batch.length, batch.timestamps.length]).toEqual([0, RECORD_BATCH_CAPACITY])
  })

  test('small batches are collected, and nothing overtakes them', () => {
    const channel = new LocalChannel(4)
    const partition = partitionInto(channel)
    partition.takeBatch(batchOf(numbersFrom(0, 100)))
    expect(channel.queued).toBe(0)
    partition.takeBatch(batchOf(numbersFrom(100, 600)))
    partition.flush()
    const sent = channel.poll() as RecordBatch
    expect(sent.values.slice(0, sent.length)).toEqual(numbersFrom(0, 700))
  })

  test('with several channels a taken batch is split like any other, and stays as it is', () => {
    const channels = [new LocalChannel(4), new LocalChannel(4)]
    const partition = partitionInto(...channels)
    const batch = batchOf(numbersFrom(0, 800))
    partition.takeBatch(batch)
    partition.flush()
    expect(channels.map((channel) => (channel.poll() as RecordBatch).length)).toEqual([400, 400])
    expect(batch.length).toBe(800)
  })

  test('with several channels a batch that is all for one of them is sent without a copy', () => {
    const channels = [new LocalChannel(4), new LocalChannel(4)] as const
    const partition = partitionInto(...channels)
    const odd = numbersFrom(0, 1_200).filter((n) => n % 2 === 1)
    const batch = batchOf(odd)
    const { values } = batch
    partition.takeBatch(batch)
    const sent = channels[1].poll() as RecordBatch
    expect(sent.values).toBe(values)
    expect(sent.values.slice(0, sent.length)).toEqual(odd)
    partition.flush()
    expect(channels[0].queued).toBe(0)
    partition.takeBatch(batchOf([...odd, 1_200]))
    partition.flush()
    expect(channels.map((channel) => (channel.poll() as RecordBatch).length)).toEqual([1, 600])
  })

  test('the sender fills batches again that the receiver has given back', () => {
    const channel = new LocalChannel(1)
    const gate = new InputGate([{ channel, inputIndex: 0 }])
    const batch = channel.emptyBatch()
    batch.add('a', 1)
    channel.sendBatch(batch)
    gate.recycle(gate.poll() as RecordBatch)
    expect(channel.emptyBatch()).toBe(batch)
    expect(batch.length).toBe(0)
    expect(channel.emptyBatch()).not.toBe(batch)
  })

  test('a channel keeps no more batches than it has credits, and none of another capacity', () => {
    const channel = new LocalChannel(1)
    const [first, second, small] = [new RecordBatch(), new RecordBatch(), new RecordBatch(8)]
    for (const batch of [small, first, second]) channel.recycle(batch)
    expect(channel.emptyBatch()).toBe(first)
    expect([second, small]).not.toContain(channel.emptyBatch())
  })

  test('whatever is taken, added and given back: all records arrive, in order', () => {
    const step = fc.record({
      count: fc.integer({ min: 0, max: RECORD_BATCH_CAPACITY }),
      take: fc.boolean(),
      flush: fc.boolean(),
      poll: fc.nat(2),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 3 }), (steps, n) => {
        const channels = Array.from({ length: n }, () => new LocalChannel(3))
        const gate = new InputGate(channels.map((channel) => ({ channel, inputIndex: 0 })))
        // Runs of numbers go the same way: there are batches for one channel and for several.
        const channelOf = (value: number): number => Math.floor(value / 700) % n
        const select: ChannelSelector = (values, length, selected) => {
          for (let i = 0; i < length; i++) selected[i] = channelOf(values[i] as number)
        }
        const partition = new ResultPartition(channels, select, false)
        const received = channels.map((): number[] => [])
        const receive = (): boolean => {
          const batch = gate.poll() as RecordBatch<number> | undefined
          if (batch === undefined) return false
          for (let i = 0; i < batch.length; i++) {
            received[gate.lastChannel]?.push(batch.values[i] as number)
            expect(batch.timestamps[i]).toBe((batch.values[i] as number) * 10)
          }
          gate.recycle(batch)
          return true
        }
        const output = new RecordBatch() // reused like that of an operator
        let sent = 0
        for (const { count, take, flush, poll } of steps) {
          for (let i = 0; i < count; i++) output.add(sent, sent++ * 10)
          if (take) partition.takeBatch(output)
          else partition.addBatch(output)
          output.clear()
          if (flush) partition.flush()
          for (let i = 0; i < poll; i++) receive()
        }
        partition.flush()
        while (receive());
        received.forEach((values, channel) => {
          expect(values).toEqual(numbersFrom(0, sent).filter((n) => channelOf(n) === channel))
        })
      }),
      { seed: 7, numRuns: 60 },
    )
  })
})

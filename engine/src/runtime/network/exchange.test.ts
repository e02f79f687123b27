import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RecordBatch } from '../../core/record-batch.ts'
import { watermark } from '../../core/stream-element.ts'
import { nodeEnv } from '../../env/node/node-env.ts'
import type { Partitioning } from '../../plan/partitioning.ts'
import { LocalChannel } from './channel.ts'
import { channelSelector, connectedSubtasks } from './channel-selector.ts'
import { InputGate } from './input-gate.ts'
import { ResultPartition } from './result-partition.ts'

const random = nodeEnv({ seed: 1 }).random

/** Sends values through a partition and returns what each channel received, in order. */
function send(
  partitioning: Partitioning,
  channelCount: number,
  batches: readonly (readonly unknown[])[],
): unknown[][] {
  const channels = Array.from({ length: channelCount }, () => new LocalChannel(1_000))
  const select = channelSelector(partitioning, {
    channelCount,
    targetMaxParallelism: 128,
    sourceSubtask: 0,
    random,
  })
  const partition = new ResultPartition(channels, select, partitioning.kind === 'broadcast')
  for (const values of batches) partition.addBatch(RecordBatch.of(values, 1))
  partition.flush()
  return channels.map((channel) => {
    const received: unknown[] = []
    for (let element = channel.poll(); element !== undefined; element = channel.poll()) {
      if (element.kind === 'records') received.push(...element.values.slice(0, element.length))
    }
    return received
  })
}

const numbers = Array.from({ length: 3_000 }, (_, i) => i)

describe('partitioners (PAR-03, PAR-04)', () => {
  test('rebalance gives every channel the same number, one after the other', () => {
    const received = send({ kind: 'rebalance' }, 4, [numbers.slice(0, 10), numbers.slice(10, 14)])
    expect(received.map((values) => values.length).sort()).toEqual([3, 3, 4, 4])
  })

  test('global gives everything to subtask 0, broadcast everything to everybody', () => {
    expect(send({ kind: 'global' }, 3, [numbers]).map((v) => v.length)).toEqual([3_000, 0, 0])
    expect(send({ kind: 'broadcast' }, 3, [numbers])).toEqual([numbers, numbers, numbers])
  })

  test('shuffle loses nothing and uses every channel', () => {
    const received = send({ kind: 'shuffle' }, 4, [numbers])
    expect(received.flat().toSorted((a, b) => Number(a) - Number(b))).toEqual(numbers)
    for (const values of received) expect(values.length).toBeGreaterThan(500)
  })

  test('a custom partitioner by last digit gives exactly that split', () => {
    const byDigit: Partitioning = {
      kind: 'custom',
      keySelector: ((value: number) => value % 10) as never,
      partitioner: ((digit: number) => digit) as never,
    }
    send(byDigit, 10, [numbers]).forEach((values, digit) => {
      expect(values).toEqual(numbers.filter((n) => n % 10 === digit))
    })
  })

  test('a custom partitioner that names no channel is told what it may return', () => {
    const wrong: Partitioning = {
      kind: 'custom',
      keySelector: ((value: number) => value) as never,
      partitioner: (() => 7) as never,
    }
    expect(() => send(wrong, 2, [[1]])).toThrow(/returned 7; it must return .* from 0 to 1/)
  })

  test('hash sends equal keys to one channel and keeps their order (ARC-31)', () => {
    const byKey: Partitioning = {
      kind: 'hash',
      keySelector: ((value: { key: string }) => value.key) as never,
    }
    const record = fc.record({ key: fc.string({ maxLength: 2 }), n: fc.nat() })
    fc.assert(
      fc.property(
        fc.array(fc.array(record), { maxLength: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (batches, channels) => {
          const received = send(byKey, channels, batches) as { key: string; n: number }[][]
          const all = batches.flat()
          for (const key of new Set(all.map((value) => value.key))) {
            const holders = received.filter((values) => values.some((value) => value.key === key))
            expect(holders).toHaveLength(1)
            expect(holders[0]?.filter((value) => value.key === key)).toEqual(
              all.filter((value) => value.key === key),
            )
          }
        },
      ),
      { seed: 5 },
    )
  })

  test.each([
    [2, 4],
    [4, 2],
    [3, 5],
    [5, 3],
    [1, 1],
  ])(
    'rescale from %d to %d subtasks: every receiver has a sender, shares do not cross',
    (from, to) => {
      const targets = Array.from({ length: from }, (_, source) =>
        connectedSubtasks({ kind: 'rescale' }, source, from, to),
      )
      expect([...new Set(targets.flat())].toSorted()).toEqual(
        Array.from({ length: to }, (_, i) => i),
      )
      if (to >= from) expect(targets.flat()).toHaveLength(to)
      else for (const list of targets) expect(list).toHaveLength(1)
    },
  )
})

describe('channels (ARC-10)', () => {
  test('credit runs out at the bound and comes back, with a call, when a batch is taken', () => {
    const channel = new LocalChannel(2)
    const calls: string[] = []
    channel.onReadable(() => calls.push('readable'))
    channel.onWritable(() => calls.push('writable'))
    channel.sendBatch(RecordBatch.of([1]))
    expect(channel.hasCredit).toBe(true)
    channel.sendBatch(RecordBatch.of([2]))
    expect(channel.hasCredit).toBe(false)
    channel.sendBatch(RecordBatch.of([3])) // the batch in hand may finish
    channel.poll()
    expect(channel.hasCredit).toBe(false)
    channel.poll()
    expect(channel.hasCredit).toBe(true)
    expect(calls).toEqual(['readable', 'writable'])
  })

  test('control elements need no credit and keep their place among the batches', () => {
    const channel = new LocalChannel(1)
    channel.sendBatch(RecordBatch.of([1]))
    channel.sendControl(watermark(5))
    channel.sendBatch(RecordBatch.of([2]))
    expect([channel.poll(), channel.poll(), channel.poll()].map((e) => e?.kind)).toEqual([
      'records',
      'watermark',
      'records',
    ])
  })
})

describe('InputGate', () => {
  test('takes from the channels in turn and leaves blocked ones alone', () => {
    const channels = [new LocalChannel(9), new LocalChannel(9), new LocalChannel(9)]
    const gate = new InputGate(channels.map((channel) => ({ channel, inputIndex: 0 })))
    for (const channel of channels) {
      channel.sendControl(watermark(1))
      channel.sendControl(watermark(2))
    }
    gate.block(1)
    const order: number[] = []
    while (gate.poll() !== undefined) order.push(gate.lastChannel)
    expect(order).toEqual([0, 2, 0, 2])
    gate.unblockAll()
    expect(gate.poll()).toEqual(watermark(1))
  })
})

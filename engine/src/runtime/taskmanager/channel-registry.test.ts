import { expect, test } from 'vitest'
import { RecordBatch } from '../../core/record-batch.ts'
import { END_OF_INPUT } from '../../core/stream-element.ts'
import type { JobEdge } from '../../plan/job-graph.ts'
import type { ExchangeKind } from '../../plan/pipelined-regions.ts'
import { type ChannelPlace, ChannelRegistry } from './channel-registry.ts'

function placeOf(exchange: ExchangeKind, id: number, attempt: number): ChannelPlace {
  return { edge: { id, exchange } as JobEdge, sourceSubtask: 0, targetSubtask: 1, attempt }
}

test('both ends of a pipelined channel find each other within one execution attempt', () => {
  const registry = new ChannelRegistry(8)
  const first = registry.toReadFrom(placeOf('PIPELINED', 1, 0))
  expect(registry.toSendTo(placeOf('PIPELINED', 1, 0), false)).toBe(first)
  const second = registry.toReadFrom(placeOf('PIPELINED', 1, 1))
  expect(second).not.toBe(first)
  registry.releaseBefore(placeOf('PIPELINED', 1, 1))
  expect(registry.toReadFrom(placeOf('PIPELINED', 1, 1))).toBe(second)
  expect(registry.toReadFrom(placeOf('PIPELINED', 1, 0))).not.toBe(first)
})

test('BAT-03 a blocking result is read in any attempt, until it is released', () => {
  const registry = new ChannelRegistry(8)
  const sender = registry.toSendTo(placeOf('BLOCKING', 1, 3), false)
  sender.sendBatch(RecordBatch.of(['x']))
  sender.sendControl(END_OF_INPUT)
  for (const attempt of [0, 1, 2]) {
    registry.releaseBefore(placeOf('BLOCKING', 1, attempt))
    const reader = registry.toReadFrom(placeOf('BLOCKING', 1, attempt))
    expect([reader.poll()?.kind, reader.poll()?.kind, reader.poll()]).toEqual([
      'records',
      'end',
      undefined,
    ])
  }
  // A sender that had ended is there to commit; one that had not starts anew.
  expect(registry.toSendTo(placeOf('BLOCKING', 1, 4), true).queued).toBe(0)
  expect(registry.toReadFrom(placeOf('BLOCKING', 1, 3)).queued).toBe(2)
  expect(registry.toSendTo(placeOf('BLOCKING', 1, 4), false)).toBe(sender)
  expect(sender.queued).toBe(0)
  registry.release([1])
  expect(registry.toReadFrom(placeOf('BLOCKING', 1, 5))).not.toBe(sender)
})

import { describe, expect, test } from 'vitest'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { FeedbackChannel, type FeedbackRecord } from './feedback-channel.ts'
import { FeedbackLoop, FIRST_PROBE_MS } from './feedback-loop.ts'
import { Iteration } from './iteration.ts'
import { iterationHeadOperator } from './iteration-head.ts'
import { iterationTailOperator } from './iteration-tail.ts'

const taskOf = (attempt: number, subtaskIndex = 0, parallelism = 1): TaskInfo => ({
  jobId: 'harness',
  jobName: 'harness',
  operatorName: 'operator',
  operatorId: 'operator',
  subtaskIndex,
  parallelism,
  maxParallelism: 128,
  attempt,
})

function closedIteration(): Iteration<string> {
  const iteration = new Iteration<string>()
  iteration.isClosed = true
  return iteration
}

const valuesOf = (records: readonly FeedbackRecord<string>[]): string[] =>
  records.map((record) => record.value)

describe('FeedbackChannel', () => {
  test('parts what goes round at a barrier between head and tail', () => {
    const channel = new FeedbackChannel<string>()
    channel.send('taken', 1)
    channel.take()
    channel.send('waiting', 2)
    expect(valuesOf(channel.beginLog(7))).toEqual(['waiting'])
    channel.take()
    channel.send('before the barrier came round', 3)
    expect(valuesOf(channel.endLog(7))).toEqual(['before the barrier came round'])
    channel.send('after it', 4)
    expect(valuesOf(channel.beginLog(8))).toEqual(['before the barrier came round', 'after it'])
    expect(channel.endLog(8)).toEqual([])
  })

  test('two barriers on their way at once have logs of their own', () => {
    const channel = new FeedbackChannel<string>()
    channel.beginLog(1)
    channel.send('a', 0)
    channel.beginLog(2)
    channel.send('b', 0)
    expect(valuesOf(channel.endLog(1))).toEqual(['a', 'b'])
    channel.send('c', 0)
    expect(valuesOf(channel.endLog(2))).toEqual(['b', 'c'])
    expect(channel.endLog(2)).toEqual([])
  })

  test('wakes the head once per run of records, also for those from before', () => {
    const channel = new FeedbackChannel<string>()
    let wakes = 0
    channel.send('a', 0)
    channel.onReadable(() => wakes++)
    channel.send('b', 0)
    expect(wakes).toBe(1)
    while (channel.take() !== undefined) {}
    channel.send('c', 0)
    expect(wakes).toBe(2)
  })
})

test('the head has in its state what it has not taken from the way back', () => {
  const iteration = closedIteration()
  const operator = iterationHeadOperator(iteration)
  const h = operatorHarness<string, string>({ operator, modes: [] })
  h.process(['in'], 1)
  iteration.loopOf(taskOf(0)).channel(taskOf(0)).send('back', 2)
  const snapshot = h.snapshot()
  expect(h.output).toEqual(['in', 'back'])
  h.restore(snapshot)
  expect(h.timeline).toBe('in@1 back@2 back@2')
  h.close()
})

test('the tail has in its state what it sent back between the two barriers', () => {
  const iteration = closedIteration()
  const operator = iterationTailOperator(iteration)
  const h = operatorHarness<string, string>({ operator, modes: [] })
  const channelOf = (attempt: number): FeedbackChannel<string> =>
    iteration.loopOf(taskOf(attempt)).channel(taskOf(attempt))
  h.process(['before'], 1)
  channelOf(0).beginLog(1)
  h.process(['between'], 2)
  h.restore(h.barrier(1))
  expect(channelOf(1).take()).toEqual({ value: 'between', timestampMs: 2 })
  expect(channelOf(1).isEmpty).toBe(true)
  h.close()
})

test('the head keeps the end of time back until nothing comes round', () => {
  const iteration = closedIteration()
  const operator = iterationHeadOperator(iteration)
  const h = operatorHarness<string, string>({ operator, modes: [] })
  h.process(['a'], 1)
  h.watermark(5)
  h.endInput()
  expect(h.watermarks).toEqual([5, FIRST_PROBE_MS])
  const loop = iteration.loopOf(taskOf(0))
  loop.channel(taskOf(0)).send('b', 6)
  loop.probeArrived(0, FIRST_PROBE_MS)
  h.drainMailbox()
  expect(h.output).toEqual(['a', 'b'])
  expect(h.watermarks).toEqual([5, FIRST_PROBE_MS, FIRST_PROBE_MS + 1])
  loop.probeArrived(0, FIRST_PROBE_MS + 1)
  h.drainMailbox()
  expect(h.watermarks.at(-1)).toBe(MAX_WATERMARK_MS)
  h.close()
})

test('a loop waits for every head and every tail', () => {
  const loop = new FeedbackLoop<string>(2)
  const log: string[] = []
  const head = (index: number) => ({
    probe: (timestampMs: number) => void log.push(`probe ${index} ${timestampMs - FIRST_PROBE_MS}`),
    end: () => void log.push(`end ${index}`),
  })
  loop.inputEnded(1, head(1))
  expect(log).toEqual([])
  loop.inputEnded(0, head(0))
  loop.probeArrived(0, FIRST_PROBE_MS)
  expect(log).toEqual(['probe 1 0', 'probe 0 0'])
  loop.channel(taskOf(0, 1, 2)).send('x', 0)
  loop.probeArrived(1, FIRST_PROBE_MS)
  expect(log.slice(2)).toEqual(['probe 1 1', 'probe 0 1'])
  loop.channel(taskOf(0, 1, 2)).take()
  loop.probeArrived(1, FIRST_PROBE_MS + 1)
  loop.probeArrived(0, FIRST_PROBE_MS + 1)
  expect(log.slice(4)).toEqual(['end 1', 'end 0'])
})

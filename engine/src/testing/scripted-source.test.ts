import { describe, expect, test } from 'vitest'
import { metricGroup } from '../core/metrics.ts'
import type { TaskInfo } from '../core/task-info.ts'
import { SharedResources } from '../operator/resource/shared-resources.ts'
import type { SourceReader } from '../operator/source/source.ts'
import {
  failOnce,
  malformed,
  record,
  type ScriptElement,
  ScriptedInput,
  WAIT,
} from './scripted-input.ts'
import { type ScriptedSplit, scriptedSource } from './scripted-source.ts'
import { TestEnv } from './test-env.ts'

const env = new TestEnv()

/** Readers with their enumerator, calls passed on at once. */
function start<T>(
  script: ScriptedInput<T> | readonly (readonly ScriptElement<T>[])[],
  parallelism: number,
  restored?: {
    splits: readonly (readonly ScriptedSplit[])[]
    unassigned: readonly ScriptedSplit[]
  },
) {
  const source = scriptedSource(script)
  const readers: SourceReader<T, ScriptedSplit>[] = []
  const wakes = new Array<number>(parallelism).fill(0)
  const resources = new SharedResources(() => {})
  const enumerator = source.createEnumerator(
    {
      parallelism,
      env,
      assignSplit: (split, subtask) => readers[subtask]?.addSplits([split]),
      signalNoMoreSplits: (subtask) => readers[subtask]?.notifyNoMoreSplits(),
      callAsync: () => {},
    },
    restored && { unassigned: restored.unassigned },
  )
  enumerator.start()
  for (let subtaskIndex = 0; subtaskIndex < parallelism; subtaskIndex++) {
    readers[subtaskIndex] = source.createReader({
      task: { subtaskIndex, parallelism } as TaskInfo,
      env,
      metrics: metricGroup(),
      acquire: (options) => resources.acquire('job-1', options),
      requestSplit: () => enumerator.handleSplitRequest(subtaskIndex),
      wakeUp: () => void wakes[subtaskIndex]!++,
      fail: (error) => {
        throw error
      },
    })
  }
  for (const [subtask, reader] of readers.entries()) {
    reader.addSplits(restored?.splits[subtask] ?? [])
    reader.start()
  }
  return { readers, enumerator, wakes }
}

function read<T>(reader: SourceReader<T, ScriptedSplit> | undefined, maxRecords: number) {
  const got: unknown[] = []
  const outcome = reader?.poll(
    {
      collect: (value) => got.push(value),
      forSplit: () => {},
      releaseSplit: () => {},
      malformed: (value, origin) => got.push(`${value} from ${origin}`),
    },
    maxRecords,
  )
  return [outcome, ...got]
}

describe('a bounded script', () => {
  test('each split goes to one reader; readers take from theirs in turn and end', () => {
    const script = [[record(1), record(2)], [record(10)], [record(100), record(200)]]
    const { readers } = start(script, 2)
    expect(read(readers[0], 3)).toEqual(['more', 1, 100, 2])
    expect(read(readers[0], 3)).toEqual(['end', 200])
    expect(read(readers[1], 3)).toEqual(['end', 10])
    expect(scriptedSource(script).boundedness).toBe('bounded')
  })

  test('positions are state: reading goes on right after the last record, at any parallelism', () => {
    const script = [
      [record(1), record(2), record(3)],
      [record(10), record(20)],
    ]
    const before = start(script, 1)
    expect(read(before.readers[0], 3)).toEqual(['more', 1, 10, 2])
    const splits = before.readers[0]!.snapshotState(1)
    const { unassigned } = before.enumerator.snapshotState(1)
    const after = start(script, 2, { splits: [[splits[0]!], [splits[1]!]], unassigned })
    expect(read(after.readers[0], 9)).toEqual(['end', 3])
    expect(read(after.readers[1], 9)).toEqual(['end', 20])
  })

  test('splits given back are assigned again, to the same subtask', () => {
    const script = [[record(1)], [record(2)]]
    const { enumerator, readers } = start(script, 2)
    enumerator.addSplitsBack([{ index: 1, position: 0 }], 0)
    expect(enumerator.snapshotState(1).unassigned).toEqual([{ index: 1, position: 0 }])
    enumerator.handleSplitRequest(1)
    expect(enumerator.snapshotState(1).unassigned).toHaveLength(1)
    enumerator.handleSplitRequest(0)
    expect(read(readers[0], 9)).toEqual(['end', 1, 2])
  })
})

describe('an input that the test feeds', () => {
  test('waits for more, wakes the readers, and ends when told', () => {
    const input = new ScriptedInput<number>()
    const { readers, wakes } = start(input, 1)
    expect(read(readers[0], 5)).toEqual(['waiting'])
    const before = wakes[0]!
    input.feed([record(1), record(2)])
    expect(wakes[0]).toBeGreaterThan(before)
    expect(read(readers[0], 1)).toEqual(['more', 1])
    expect(read(readers[0], 5)).toEqual(['waiting', 2])
    input.end()
    expect(read(readers[0], 5)).toEqual(['end'])
    readers[0]!.close()
    const closed = wakes[0]
    input.end()
    expect(wakes[0]).toBe(closed)
  })

  test('a wait holds until resume, also for a reader that comes by again', () => {
    const input = new ScriptedInput<number>()
    input.feed([record(1), WAIT, record(2), WAIT, record(3)])
    const { readers } = start(input, 1)
    expect(read(readers[0], 9)).toEqual(['waiting', 1])
    input.resume()
    expect(read(readers[0], 9)).toEqual(['waiting', 2])
    const again = start(input, 1)
    expect(read(again.readers[0], 9)).toEqual(['waiting', 1, 2])
  })

  test('malformed records and failures at a place of the script', () => {
    const input = new ScriptedInput<number>()
    input.feed([record(1), malformed('{"x'), failOnce('disk full'), record(2)])
    const { readers } = start(input, 1)
    expect(() => read(readers[0], 9)).toThrow('disk full')
    const again = start(input, 1)
    expect(read(again.readers[0], 9)).toEqual(['waiting', 1, '{"x from split 0, position 1', 2])
  })
})

import { describe, expect, test } from 'vitest'
import type { AggregateFunction } from '../../../state/state-descriptor.ts'
import { perSubtask } from '../../function/function-supplier.ts'
import { eventTimeSessionWindows } from '../assigners/event-time-session-windows.ts'
import { globalWindows } from '../assigners/global-windows.ts'
import { slidingEventTimeWindows } from '../assigners/sliding-event-time-windows.ts'
import { tumblingEventTimeWindows } from '../assigners/tumbling-event-time-windows.ts'
import { tumblingProcessingTimeWindows } from '../assigners/tumbling-processing-time-windows.ts'
import { countTrigger } from '../triggers/count-trigger.ts'
import type { Window } from '../window.ts'
import type { WindowAssigner } from '../window-assigner.ts'
import type { WindowComputation } from '../window-function.ts'
import { foldsUnasked } from './folds-unasked.ts'

type Computation = WindowComputation<number, never, number, string, Window>

const tumbling = tumblingEventTimeWindows(10)

const sum: AggregateFunction<number, number, number> = {
  createAccumulator: () => 0,
  add: (value, total) => value + total,
  merge: (left, right) => left + right,
  getResult: (total) => total,
}

function aggregates(aggregate: unknown, assigner: unknown = tumbling): boolean {
  const computation = { kind: 'aggregate', aggregate } as Computation
  return foldsUnasked(assigner as WindowAssigner<number, Window>, computation)
}

function reduces(reduce: unknown): boolean {
  const computation = { kind: 'reduce', reduce } as Computation
  return foldsUnasked(tumbling as WindowAssigner<number, Window>, computation)
}

describe('an aggregate (PAR-07)', () => {
  class Sketch {
    readonly registers = new Uint8Array(16)
  }

  test.each([
    ['of numbers', sum],
    ['of lists', { ...sum, createAccumulator: () => [], merge: () => [] }],
    ['of objects', { ...sum, createAccumulator: () => ({ n: 0 }), merge: () => ({ n: 0 }) }],
  ])('%s is folded', (_, aggregate) => {
    expect(aggregates(aggregate)).toBe(true)
  })

  test.each([
    ['that does not merge', { ...sum, merge: undefined }],
    ['whose merge throws', { ...sum, merge: () => fail('merge is not needed here') }],
    ['of instances of a class', { ...sum, createAccumulator: () => new Sketch() }],
    ['that merges into one', { ...sum, merge: () => new Sketch() }],
    ['that is opened', { ...sum, open: () => {} }],
    ['with state', { ...sum, snapshotState: () => {} }],
    ['made for each subtask', perSubtask(() => sum)],
  ])('%s is not', (_, aggregate) => {
    expect(aggregates(aggregate)).toBe(false)
  })

  test('is not changed by being asked', () => {
    const counting = {
      ...sum,
      made: 0,
      createAccumulator(): number {
        this.made++
        return 0
      },
    }
    expect(aggregates(counting)).toBe(true)
    expect(counting.made).toBe(0)
  })
})

test('a reduce is folded, unless it has a life of its own (PAR-07)', () => {
  const add = (left: number, right: number): number => left + right
  expect(reduces(add)).toBe(true)
  expect(reduces({ reduce: add })).toBe(true)
  expect(reduces({ reduce: add, close: () => {} })).toBe(false)
  expect(reduces(perSubtask(() => ({ reduce: add })))).toBe(false)
})

test('a function of all records needs them (PAR-07)', () => {
  const computation = { kind: 'process', process: () => {} } as Computation
  expect(foldsUnasked(tumbling as WindowAssigner<number, Window>, computation)).toBe(false)
})

test.each([
  ['tumbling', tumbling, true],
  ['sliding', slidingEventTimeWindows(10, 3), true],
  ['with gaps', slidingEventTimeWindows(3, 10), true],
  ['sessions', eventTimeSessionWindows(10), false],
  ['by the clock', tumblingProcessingTimeWindows(10), false],
  ['global', globalWindows(), false],
  ['with a trigger of their own', { ...tumbling, defaultTrigger: () => countTrigger(2) }, false],
  [
    'that overlap without panes',
    { ...tumbling, aligned: { sizeMs: 10, slideMs: 5, offsetMs: 0 } },
    false,
  ],
])('windows: %s (PAR-07)', (_, assigner, isFolded) => {
  expect(aggregates(sum, assigner)).toBe(isFolded)
})

function fail(message: string): never {
  throw new Error(message)
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../base/engine-error.ts'
import { types } from '../types/types.ts'
import { OperatorStateBackend } from './operator-state-backend.ts'
import { mapState } from './state-descriptor.ts'
import { redistribute } from './state-redistribution.ts'
import type { StateSection } from './state-section.ts'

const RULES = mapState<string, number>('rules', { keyType: types.string, type: types.int })

function written(entries: readonly (readonly [string, number])[]): StateSection[] {
  const backend = new OperatorStateBackend()
  const state = backend.getBroadcastState(RULES)
  for (const [key, value] of entries) state.put(key, value)
  return backend.snapshot()
}

function read(restored: readonly StateSection[]): (readonly [string, number])[] {
  return [...new OperatorStateBackend({ restored }).getBroadcastState(RULES).entries()]
}

test('every new subtask gets one whole copy, not the sum of all', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.string(), fc.integer()), { selector: ([key]) => key }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 4 }),
      (entries, from, to) => {
        const old = Array.from({ length: from }, () => written(entries))
        for (const sections of redistribute(old, 128, to)) expect(read(sections)).toEqual(entries)
      },
    ),
    { seed: 8, numRuns: 60 },
  )
})

test('the copy of the first subtask counts, also an empty one', () => {
  const [first] = redistribute([written([]), written([['a', 1]])], 128, 1)
  expect(read(first ?? [])).toEqual([])
})

test('a copy that no function has asked for yet goes on unchanged', () => {
  let subtasks: StateSection[][] = [written([['a', 1]]), written([['a', 1]])]
  for (const parallelism of [3, 1, 2]) {
    subtasks = redistribute(subtasks, 128, parallelism).map((restored) =>
      new OperatorStateBackend({ restored }).snapshot(),
    )
  }
  expect(subtasks.map(read)).toEqual([[['a', 1]], [['a', 1]]])
})

test('reads as it was put: keys by value, in order of the first put', () => {
  const descriptor = mapState<readonly [number, string], string>('by value')
  const state = new OperatorStateBackend().getBroadcastState(descriptor)
  state.put([1, 'x'], 'one')
  state.put([2, 'y'], 'two')
  state.put([1, 'x'], 'uno')
  expect(state.get([1, 'x'])).toBe('uno')
  expect([...state.values()]).toEqual(['uno', 'two'])
  state.remove([1, 'x'])
  expect([...state.keys()]).toEqual([[2, 'y']])
  expect([state.isEmpty, state.has([1, 'x'])]).toEqual([false, false])
  state.clear()
  expect(state.isEmpty).toBe(true)
})

test('a name is one state of one type', () => {
  const backend = new OperatorStateBackend()
  const state = backend.getBroadcastState(RULES)
  expect(backend.getBroadcastState(RULES)).toBe(state)
  const program = expect.objectContaining({ code: ErrorCode.INVALID_PROGRAM })
  expect(() => backend.getListState('rules', types.string)).toThrow(program)
  expect(() => backend.getBroadcastState(mapState('rules', { type: types.string }))).toThrow(
    program,
  )
})

test('an untyped state warns once', () => {
  const warnings: string[] = []
  const backend = new OperatorStateBackend({ warn: (message) => void warnings.push(message) })
  backend.getBroadcastState(mapState('x'))
  backend.getBroadcastState(mapState('x'))
  expect(warnings).toHaveLength(1)
})

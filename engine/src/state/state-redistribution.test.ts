import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../base/engine-error.ts'
import { joinBytes } from '../base/join-bytes.ts'
import { types } from '../types/types.ts'
import { OperatorStateBackend } from './operator-state-backend.ts'
import { redistribute, redistributeOperatorState } from './state-redistribution.ts'
import type { StateSection } from './state-section.ts'

function subtasksWith(lists: readonly (readonly number[])[]): StateSection[][] {
  return lists.map((numbers) => {
    const backend = new OperatorStateBackend()
    backend.getListState('split', types.int).update(numbers)
    backend.getUnionListState('union', types.int).update(numbers)
    return backend.snapshot()
  })
}

function read(sections: readonly StateSection[]): { split: number[]; union: number[] } {
  const backend = new OperatorStateBackend({ restored: sections })
  const split = [...backend.getListState('split', types.int).get()]
  return { split, union: [...backend.getUnionListState('union', types.int).get()] }
}

test('split lists are dealt out evenly, union lists go to everybody, nothing is lost', () => {
  const lists = fc.array(fc.array(fc.integer({ min: -99, max: 99 }), { maxLength: 7 }), {
    minLength: 1,
    maxLength: 5,
  })
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 6 }), (before, parallelism) => {
      const after = redistributeOperatorState(subtasksWith(before), parallelism).map(read)
      const all = before.flat()
      const dealt = after.map(({ split }) => split)
      expect(after.map(({ union }) => union)).toEqual(after.map(() => all))
      expect(dealt.flat().sort()).toEqual([...all].sort())
      if (parallelism === before.length) expect(dealt).toEqual(before)
      else {
        const sizes = dealt.map(({ length }) => length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }
    }),
    { seed: 3 },
  )
})

test('lists nobody asks for go on, and a union list does not multiply on the way', () => {
  let sections = subtasksWith([[1, 2], [3], [4, 5, 6]])
  for (const parallelism of [2, 4, 4, 3]) {
    const given = redistributeOperatorState(sections, parallelism)
    sections = given.map((restored) => new OperatorStateBackend({ restored }).snapshot())
  }
  const after = redistributeOperatorState(sections, 1).map(read)
  expect(after[0]?.union).toEqual([1, 2, 3, 4, 5, 6])
  expect(after[0]?.split.sort()).toEqual([1, 2, 3, 4, 5, 6])
})

test('keyed sections go to the owner of their key group', () => {
  const sections = Array.from(
    { length: 10 },
    (_, keyGroup): StateSection => ({
      kind: 'keyed',
      name: '',
      keyGroup,
      pieces: [Uint8Array.of(keyGroup)],
    }),
  )
  const given = redistribute([sections.slice(0, 5), sections.slice(5)], 10, 3)
  expect(given.map((own) => own.map(({ keyGroup }) => keyGroup))).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6],
    [7, 8, 9],
  ])
})

test('one name is for one list, and a list keeps its type and mode', () => {
  const warnings: string[] = []
  const backend = new OperatorStateBackend({ warn: (message) => warnings.push(message) })
  const list = backend.getListState('x')
  list.add({ a: 1 })
  expect(backend.getListState('x').get()).toEqual([{ a: 1 }])
  expect(warnings).toEqual([expect.stringContaining('"x"')])
  const program = expect.objectContaining({ code: ErrorCode.INVALID_PROGRAM })
  expect(() => backend.getUnionListState('x')).toThrowError(program)
  expect(() => backend.getListState('x', types.int)).toThrowError(program)
  const restored = backend.snapshot()
  const state = expect.objectContaining({ code: ErrorCode.INCOMPATIBLE_STATE })
  const open = (): OperatorStateBackend => new OperatorStateBackend({ restored })
  expect(() => open().getListState('x', types.int)).toThrowError(state)
  expect(() => open().getUnionListState('x')).toThrowError(state)
  expect(open().getListState('x').get()).toEqual([{ a: 1 }])
  const other = new OperatorStateBackend()
  other.getListState('x', types.int).add(1)
  expect(() => redistributeOperatorState([restored, other.snapshot()], 1)).toThrowError(state)
})

test('damaged operator sections are refused', () => {
  const [section] = subtasksWith([[1, 2, 3]])[0] as [StateSection]
  const bytes = joinBytes(section.pieces)
  for (let length = 0; length < bytes.length; length++) {
    const restored = [{ ...section, pieces: [bytes.slice(0, length)] }]
    expect(() => new OperatorStateBackend({ restored })).toThrowError(
      expect.objectContaining({ code: ErrorCode.CORRUPT_DATA }),
    )
  }
})

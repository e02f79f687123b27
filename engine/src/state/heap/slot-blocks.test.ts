import { expect, test } from 'vitest'
import { types } from '../../types/types.ts'
import { valueState } from '../state-descriptor.ts'
import type { StateSection } from '../state-section.ts'
import { stateTtl } from '../ttl/state-ttl.ts'
import { HeapKeyedStateBackend } from './heap-keyed-state-backend.ts'

interface Options {
  readonly blockSlots?: number
  readonly restored?: readonly StateSection[]
  readonly nowMs?: () => number
}

/** Typed tables from the first entry on, with small blocks, all in one key group. */
function backendOf({ blockSlots = 4, restored, nowMs = () => 0 }: Options = {}) {
  return new HeapKeyedStateBackend({
    keyGroupRange: { first: 0, last: 0 },
    maxParallelism: 1,
    keyType: types.int,
    processingTime: { nowMs, schedule: () => ({ cancel: () => {} }) },
    mapLimit: 0,
    blockSlots,
    restored: restored ?? [],
  })
}

const table = (backend: HeapKeyedStateBackend) =>
  backend.table<number>('t', types.int).namespace('')

function fill(backend: HeapKeyedStateBackend, from: number, to: number): void {
  for (let key = from; key < to; key++) table(backend).put(key, key)
}

function take(backend: HeapKeyedStateBackend): readonly StateSection[] {
  const snapshot = backend.snapshot(1)
  while (!snapshot.advance(1)) {}
  return snapshot.sections()
}

/** What a snapshot holds, as whoever restores it sees it; every entry must be there once. */
function contents(sections: readonly StateSection[]): Map<unknown, unknown> {
  const restored = backendOf({ restored: sections })
  const count = restored.size.entries
  const entries = new Map<unknown, unknown>()
  table(restored).forEach((key, value) => entries.set(key, value))
  expect(entries.size).toBe(count)
  return entries
}

/** How many pieces of a snapshot another has too. */
function shared(one: readonly StateSection[], other: readonly StateSection[]): number {
  const pieces = new Set(one.flatMap((section) => section.pieces))
  return other.flatMap((section) => section.pieces).filter((piece) => pieces.has(piece)).length
}

test('the bytes of blocks that did not change go from one snapshot into the next', () => {
  const backend = backendOf()
  fill(backend, 0, 22)
  const first = take(backend)
  table(backend).put(9, -1)
  table(backend).remove(2)
  const second = take(backend)
  expect(shared(first, second)).toBe(3)
  expect(shared(second, take(backend))).toBe(5)
  const expected = new Map(Array.from({ length: 22 }, (_, key) => [key, key === 9 ? -1 : key]))
  expected.delete(2)
  expect(contents(second)).toEqual(expected)
})

test('a block whose bytes are kept goes in by them although an entry changes before its turn', () => {
  const backend = backendOf()
  fill(backend, 0, 16)
  const first = take(backend)
  const snapshot = backend.snapshot(2)
  expect(snapshot.advance(1)).toBe(false)
  table(backend).put(14, -1)
  table(backend).remove(15)
  while (!snapshot.advance(1)) {}
  expect(shared(first, snapshot.sections())).toBe(4)
  expect(contents(snapshot.sections())).toEqual(contents(first))
  expect(contents(take(backend)).get(14)).toBe(-1)
})

test('a table that grows keeps its bytes, holes or not, unless the holes are many', () => {
  for (const [removed, kept] of [
    [0, 4],
    [1, 3],
    [6, 0],
  ] as const) {
    const backend = backendOf()
    fill(backend, 0, 16)
    const before = take(backend)
    for (let key = 0; key < removed; key++) table(backend).remove(key)
    fill(backend, 16, 200)
    const after = take(backend)
    expect(shared(before, after)).toBe(kept)
    const keys = Array.from({ length: 200 - removed }, (_, index) => index + removed)
    expect(contents(after)).toEqual(new Map(keys.map((key) => [key, key])))
  }
})

test('a table that grows while a snapshot is open still knows what changes', () => {
  const backend = backendOf()
  fill(backend, 0, 16)
  const first = take(backend)
  const snapshot = backend.snapshot(2)
  snapshot.advance(1)
  fill(backend, 16, 200)
  while (!snapshot.advance(1)) {}
  expect(contents(snapshot.sections())).toEqual(contents(first))
  expect(shared(first, snapshot.sections())).toBe(4)
  table(backend).put(9, -1)
  expect(contents(take(backend)).get(9)).toBe(-1)
})

test('a table that gets blocks while a snapshot is open is in the snapshot once', () => {
  const backend = backendOf({ blockSlots: 64 })
  fill(backend, 0, 30)
  const snapshot = backend.snapshot(1)
  for (let slice = 0; slice < 10; slice++) snapshot.advance(1)
  fill(backend, 30, 200)
  while (!snapshot.advance(1)) {}
  const keys = Array.from({ length: 30 }, (_, key) => key)
  expect(contents(snapshot.sections())).toEqual(new Map(keys.map((key) => [key, key])))
})

test('a block is walked as a block, though the one before it ends with holes', () => {
  const backend = backendOf()
  fill(backend, 0, 16)
  for (const key of [3, 4]) table(backend).remove(key)
  const first = take(backend)
  table(backend).put(0, -1)
  const atLine = new Map(contents(first)).set(0, -1)
  const snapshot = backend.snapshot(2)
  // The first block has no bytes and changes again: it is walked entry by entry.
  table(backend).put(0, -2)
  for (let slice = 0; slice < 4; slice++) expect(snapshot.advance(1)).toBe(false)
  for (const key of [5, 9, 13]) table(backend).put(key, -1)
  while (!snapshot.advance(1)) {}
  expect(contents(snapshot.sections())).toEqual(atLine)
  expect(shared(first, snapshot.sections())).toBe(3)
})

test('what expired does not stay in kept bytes', () => {
  let nowMs = 0
  const backend = backendOf({ nowMs: () => nowMs })
  const ttl = stateTtl<number>({ ttlMs: 10 })
  const state = backend.getState(valueState('t', { type: types.int, ttl }))
  const update = (key: number): void => {
    backend.setCurrentKey(key)
    state.update(key)
  }
  for (let key = 0; key < 16; key++) update(key)
  take(backend)
  nowMs = 10
  expect(take(backend)).toEqual([])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { types } from '../../types/types.ts'
import { valueState } from '../state-descriptor.ts'
import type { StateSection } from '../state-section.ts'
import { stateTtl } from '../ttl/state-ttl.ts'
import { HeapKeyedStateBackend } from './heap-keyed-state-backend.ts'

const TTL_MS = 10
const KEYS = 60

/** Value state with a time to live, in maps or in typed tables, on a clock that a test sets. */
class Lives {
  nowMs = 0
  readonly #mapLimit: number
  #backend: HeapKeyedStateBackend

  constructor(mapLimit: number) {
    this.#mapLimit = mapLimit
    this.#backend = this.#open([])
  }

  get size(): number {
    return this.#backend.size.entries
  }

  update(key: number, value: number): void {
    this.#state(key).update(value)
  }

  read(key: number): number | undefined {
    return this.#state(key).value()
  }

  restart(): void {
    const snapshot = this.#backend.snapshot(1)
    while (!snapshot.advance(7)) {}
    this.#backend = this.#open(snapshot.sections())
    this.read(0) // a state is read in when somebody asks for it
  }

  #open(restored: readonly StateSection[]): HeapKeyedStateBackend {
    return new HeapKeyedStateBackend({
      keyGroupRange: { first: 0, last: 15 },
      maxParallelism: 16,
      keyType: types.int,
      processingTime: { nowMs: () => this.nowMs, schedule: () => ({ cancel: () => {} }) },
      mapLimit: this.#mapLimit,
      restored,
    })
  }

  #state(key: number) {
    this.#backend.setCurrentKey(key)
    const ttl = stateTtl<number>({ ttlMs: TTL_MS })
    return this.#backend.getState(valueState('value', { type: types.number, ttl }))
  }
}

const step = fc.oneof(
  { weight: 20, arbitrary: fc.record({ updated: fc.nat(KEYS - 1) }) },
  { weight: 5, arbitrary: fc.record({ waitMs: fc.integer({ min: 1, max: TTL_MS }) }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) },
)

test('STA-11 entries of typed tables expire, are swept and left out of snapshots as in maps', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
      const forms = [Number.POSITIVE_INFINITY, 0, 8].map((limit) => new Lives(limit))
      const writtenMs = new Map<number, number>()
      let nowMs = 0
      const isAlive = (key: number): boolean => nowMs < (writtenMs.get(key) ?? -TTL_MS) + TTL_MS
      for (const one of steps) {
        if (one === 'restart') {
          for (const form of forms) form.restart()
          const alive = [...writtenMs.keys()].filter(isAlive).length
          for (const form of forms) expect(form.size).toBe(alive)
        } else if ('waitMs' in one) {
          nowMs += one.waitMs
          for (const form of forms) form.nowMs = nowMs
        } else {
          for (const form of forms) form.update(one.updated, nowMs)
          writtenMs.set(one.updated, nowMs)
        }
      }
      for (let key = 0; key < KEYS; key++) {
        const expected = isAlive(key) ? writtenMs.get(key) : undefined
        for (const form of forms) expect(form.read(key)).toBe(expected)
      }
      // Nobody asks for the others any more: one key alone brings the sweep around.
      for (const form of forms) {
        form.nowMs = nowMs + TTL_MS
        for (let access = 0; access < KEYS; access++) form.update(0, 1)
        expect(form.size).toBe(1)
      }
    }),
    { seed: 20261127, numRuns: 60 },
  )
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteWriter } from '../../base/byte-writer.ts'
import { types } from '../../types/types.ts'
import { IntSlotsBytes } from './int-slots-bytes.ts'
import { StateMap } from './state-map.ts'
import { mapCodec } from './value-codec.ts'

const INT_LIMIT = 16
const codec = mapCodec(types.int, types.int, INT_LIMIT)

/** Where among all entries, in thousandths. */
const place = fc.nat(999)
const value = fc.oneof(fc.nat(7), fc.integer())
const step = fc.oneof(
  { weight: 12, arbitrary: fc.record({ on: fc.constant('snapshot' as const) }) },
  { weight: 10, arbitrary: fc.record({ on: fc.constant('update' as const), place, value }) },
  { weight: 6, arbitrary: fc.record({ on: fc.constant('add' as const), count: fc.nat(3_000) }) },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('remove' as const), place }) },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('widen' as const), place }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** A map in state, and beside it a map of JavaScript that tells what a snapshot must hold. */
class Watched {
  readonly #map = new StateMap<number, number>(INT_LIMIT)
  readonly #reference = new Map<number, number>()
  readonly #keys: number[] = []

  take(step: Step): void {
    switch (step.on) {
      case 'update':
        this.#put(this.#keyAt(step.place), step.value)
        break
      case 'add':
        for (let count = 0; count < step.count; count++) this.#add()
        break
      case 'remove':
        this.#map.remove(this.#keyAt(step.place))
        this.#reference.delete(this.#keyAt(step.place))
        break
      case 'widen':
        // The serializer of `int` writes it, though it has more than 32 bits.
        this.#put(this.#keyAt(step.place), 2 ** 40)
        break
      case 'snapshot':
        expect(firstDifference(this.#snapshot(), this.#expected())).toBe(-1)
    }
  }

  #add(): void {
    const key = Math.imul(this.#keys.length, 0x9e3779b1) | 0
    this.#keys.push(key)
    this.#put(key, this.#keys.length & 7)
  }

  #put(key: number, value: number): void {
    this.#map.put(key, value)
    this.#reference.set(key, value)
  }

  #keyAt(thousandths: number): number {
    return this.#keys[Math.floor((this.#keys.length * thousandths) / 1_000)] ?? 0
  }

  #snapshot(): Uint8Array {
    const output = new ByteWriter(16)
    codec.write(this.#map, output)
    return output.view()
  }

  #expected(): Uint8Array {
    const output = new ByteWriter()
    output.varint(this.#reference.size)
    for (const [key, value] of this.#reference) {
      output.zigzag(key)
      output.zigzag(value)
    }
    return output.view()
  }
}

/** Much faster than `toEqual` for many bytes. @returns -1 if there is none */
function firstDifference(left: Uint8Array, right: Uint8Array): number {
  const length = Math.max(left.length, right.length)
  for (let at = 0; at < length; at++) if (left[at] !== right[at]) return at
  return -1
}

test('snapshots of a large map hold all its changes, whatever the ones before held', () => {
  const steps = fc.array(step, { minLength: 10, maxLength: 40, size: 'max' })
  fc.assert(
    fc.property(fc.integer({ min: 4_000, max: 9_000 }), steps, (count, all) => {
      const watched = new Watched()
      watched.take({ on: 'add', count })
      for (const each of all) watched.take(each)
      watched.take({ on: 'snapshot' })
    }),
    { seed: 20261128, numRuns: 60 },
  )
})

/** What is written of these slots. Two blocks, the second one not full. */
const SLOTS = 700

function written(bytes: IntSlotsBytes, pairs: Int32Array): number[] {
  const output = new ByteWriter(16)
  bytes.write(pairs, output)
  return [...output.view()]
}

test('only blocks that are marked are encoded again', () => {
  const bytes = new IntSlotsBytes(SLOTS)
  const pairs = new Int32Array(2 * SLOTS)
  const before = written(bytes, pairs)
  pairs[0] = 1
  pairs[2 * SLOTS - 1] = 1
  expect(written(bytes, pairs)).toEqual(before)
  bytes.grow(2 * SLOTS)
  bytes.mark(511)
  expect(written(bytes, pairs)).toEqual([2, ...before.slice(1)])
  bytes.mark(512)
  expect(written(bytes, pairs)).toEqual([2, ...before.slice(2), 2])
})

test('a block that changed before the last snapshot keeps no bytes of it', () => {
  const bytes = new IntSlotsBytes(SLOTS)
  const pairs = new Int32Array(2 * SLOTS)
  const before = written(bytes, pairs)
  bytes.mark(0)
  expect(written(bytes, pairs)).toEqual(before)
  // Without a mark, to see that it is encoded; and then kept.
  pairs[0] = 1
  expect(written(bytes, pairs)).toEqual([2, ...before.slice(1)])
  pairs[0] = 0
  expect(written(bytes, pairs)).toEqual([2, ...before.slice(1)])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import { StateMap } from './state-map.ts'
import { mapCodec, type ReaderOf } from './value-codec.ts'

/** Maps only; typed from the first entry on; maps at first. */
const LIMITS = [Number.POSITIVE_INFINITY, 0, 5, 16]

const key = fc.oneof(
  { weight: 40, arbitrary: fc.nat(40).map((each): unknown => each * 3) },
  {
    weight: 10,
    arbitrary: fc.constantFrom<unknown>(0, -0, -1, 63, 64, 2 ** 31 - 1, -(2 ** 31)),
  },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(2 ** 31, 0.5, Number.NaN, 'a', null) },
)
const value = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom<unknown>(0, -0, 1, -65, 2 ** 31, -(2 ** 53) + 1, 7) },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(0.5, Number.NaN, 'text', undefined) },
)
const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ on: fc.constant('put' as const), key, value }) },
  { weight: 3, arbitrary: fc.record({ on: fc.constant('remove' as const), key }) },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('fill' as const), count: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ on: fc.constant('drain' as const), count: fc.nat(60) }) },
)
const steps = fc.array(step, { maxLength: 40, size: 'max' })
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Whatever has the four methods: the engine's maps and the reference. */
interface Target {
  put(key: unknown, value: unknown): void
  remove(key: unknown): void
}

/** The reference: a map of JavaScript, in which an integer zero has no sign either. */
class Reference implements Target {
  readonly map = new Map<unknown, unknown>()

  put(key: unknown, value: unknown): void {
    this.map.set(key, value)
  }

  remove(key: unknown): void {
    this.map.delete(key)
  }
}

function take(step: Step, target: Target): void {
  switch (step.on) {
    case 'put':
      target.put(step.key, step.value)
      break
    case 'remove':
      target.remove(step.key)
      break
    case 'fill':
      for (let each = 0; each < step.count; each++) target.put(each * 3, each)
      break
    case 'drain':
      for (let each = 0; each < step.count; each++) target.remove(each * 3)
  }
}

const settings = { seed: 20261127, numRuns: 300 }

test('maps of all forms hold what a map of JavaScript holds, in its order', () => {
  fc.assert(
    fc.property(steps, key, (all, asked) => {
      const reference = new Reference()
      const maps = LIMITS.map((limit) => new StateMap<unknown, unknown>(limit))
      for (const each of all) {
        take(each, reference)
        for (const map of maps) {
          take(each, map)
          expect(map.size).toBe(reference.map.size)
          expect(map.get(asked)).toBe(reference.map.get(asked))
          expect(map.has(asked)).toBe(reference.map.has(asked))
        }
      }
      const expected = [...reference.map]
      for (const map of maps) {
        const visited: unknown[] = []
        map.forEach((...entry) => visited.push(entry))
        expect([...entriesOf(map)]).toEqual(expected)
        expect(visited).toEqual(expected)
        const kept = [...entriesOf(map.filter((each) => each !== 7))]
        expect(kept).toEqual(expected.filter(([, each]) => each !== 7))
      }
    }),
    settings,
  )
})

test('a walk comes by each entry that stays once, whatever changes on its way', () => {
  fc.assert(
    fc.property(steps, steps, fc.nat(5), (before, meanwhile, pace) => {
      for (const limit of LIMITS) {
        const map = new StateMap<unknown, unknown>(limit)
        for (const each of before) take(each, map)
        const removed = new Reference()
        const atFirst = [...entriesOf(map)].map(([at]) => at)
        const noteRemoved: Target = { put: () => {}, remove: (at) => removed.put(at, true) }
        const seen = new Map<unknown, number>()
        const changes = [...meanwhile]
        for (const [at, found] of entriesOf(map)) {
          seen.set(at, (seen.get(at) ?? 0) + 1)
          expect(found).toBe(map.get(at))
          for (const each of changes.splice(0, pace)) {
            take(each, map)
            take(each, noteRemoved)
          }
        }
        for (const at of atFirst) if (!removed.map.has(at)) expect(seen.get(at)).toBe(1)
      }
    }),
    settings,
  )
})

function* entriesOf(map: StateMap<unknown, unknown>): IterableIterator<[unknown, unknown]> {
  for (const walk = map.walk(); walk.next(); ) yield [walk.key, walk.value]
}

/** Every reader reads what it wrote itself. */
const present: ReaderOf = (_, serializer) => serializer

const declared: readonly [TypeInformation<unknown>, TypeInformation<unknown>][] = [
  [types.int, types.int],
  [types.int, types.number],
  [types.number, types.int],
  [types.generic(), types.generic()],
].map((pair) => pair as [TypeInformation<unknown>, TypeInformation<unknown>])

test('maps of all forms are written, refused and read alike', () => {
  fc.assert(
    fc.property(steps, fc.constantFrom(...declared), (all, [keyType, valueType]) => {
      const outcomes = LIMITS.map((limit) => {
        const codec = mapCodec(keyType, valueType, limit)
        const map = new StateMap<unknown, unknown>(limit)
        for (const each of all) take(each, map)
        const output = new ByteWriter(16)
        output.u8(7)
        try {
          codec.write(map, output)
        } catch (error) {
          return String(error)
        }
        const input = new ByteReader(output.view())
        input.u8()
        const restored = codec.reader(present)(input)
        input.expectEnd()
        return [[...output.view()], [...entriesOf(restored)]]
      })
      for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0])
    }),
    settings,
  )
})

test('a map of many entries is written in blocks as its serializers would write it', () => {
  const codec = mapCodec(types.int, types.int, 16)
  const map = new StateMap<number, number>(16)
  const expected = new ByteWriter()
  expected.varint(5_000)
  for (let index = 0; index < 5_000; index++) {
    const at = Math.imul(index, 0x9e3779b1) | 0
    const value = index % 700 === 0 ? index * 2 ** 35 : -index
    map.put(at, value)
    expected.zigzag(at)
    expected.zigzag(value)
  }
  const output = new ByteWriter(16)
  codec.write(map, output)
  expect(output.view()).toEqual(expected.view())
})

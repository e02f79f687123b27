import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyGroupOf, subtaskOfKeyGroup } from '../../core/key-group.ts'
import { hashKey } from '../../types/key-hash.ts'
import { type HashSelectorOptions, hashSelector, plainHashSelector } from './hash-selector.ts'

/** Integers of which the generated selector remembers only one at a time. */
const RIVALS = Array.from({ length: 20 }, (_, n) => (n << 14) ^ n)

const key = fc.oneof(
  fc.integer(),
  fc.constantFrom(...RIVALS, -0, -1, 2 ** 31, 2 ** 32 - 1, 65_535),
  fc.double(),
  fc.string(),
  fc.boolean(),
  fc.bigInt(),
  fc.constant(null),
  fc.tuple(fc.string(), fc.nat()),
)

test('the generated selector and its twin pick the subtask of the key group (PAR-04)', () => {
  const property = fc.property(
    fc.array(key, { maxLength: 50 }),
    fc.integer({ min: 1, max: 300 }).chain((maxParallelism) =>
      fc.record({
        maxParallelism: fc.constant(maxParallelism),
        channelCount: fc.integer({ min: 1, max: maxParallelism }),
      }),
    ),
    (keys, { maxParallelism, channelCount }) => {
      const run = (make: (options: HashSelectorOptions) => ReturnType<typeof hashSelector>) => {
        const records = new Float64Array(maxParallelism)
        const keyOf = (value: unknown): unknown => (value as { key: unknown }).key
        const select = make({ keyOf, channelCount, maxParallelism, records })
        const channels = new Uint16Array(60).fill(9_999)
        const values = [...keys.map((one) => ({ key: one })), 'beyond']
        for (let from = 0; from < keys.length; from += 20) {
          const length = Math.min(20, keys.length - from)
          select(values.slice(from), length, channels.subarray(from))
        }
        return { records: [...records], channels: [...channels] }
      }
      const generated = run(hashSelector)
      expect(run(plainHashSelector)).toEqual(generated)
      const groups = keys.map((one) => keyGroupOf(hashKey(one), maxParallelism))
      expect(generated.channels).toEqual([
        ...groups.map((group) => subtaskOfKeyGroup(group, maxParallelism, channelCount)),
        ...new Array<number>(60 - keys.length).fill(9_999),
      ])
      expect(generated.records).toEqual(
        generated.records.map((_, group) => groups.filter((one) => one === group).length),
      )
    },
  )
  fc.assert(property, { seed: 4, numRuns: 200 })
})

test.each([
  ['a class', new (class Money {})()],
  ['a symbol', Symbol('key')],
  ['a function', () => 7],
  ['what turns into a number', { valueOf: () => 7 }],
])('both refuse a key that is %s, with the same error', (_, bad) => {
  const outcomeOf = (make: (options: HashSelectorOptions) => ReturnType<typeof hashSelector>) => {
    const records = new Float64Array(128)
    const select = make({ keyOf: (value) => value, channelCount: 2, maxParallelism: 128, records })
    const channels = new Uint16Array(3)
    try {
      select([7, bad, 8], 3, channels)
      return 'no error'
    } catch (error) {
      return { error: String(error), channels, records }
    }
  }
  const generated = outcomeOf(hashSelector)
  expect(generated).not.toBe('no error')
  expect(outcomeOf(plainHashSelector)).toEqual(generated)
})

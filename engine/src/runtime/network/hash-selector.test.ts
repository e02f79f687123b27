import fc from 'fast-check'
import { expect, test } from 'vitest'
import { keyGroupOf, subtaskOfKeyGroup } from '../../core/key-group.ts'
import { hashKey } from '../../types/key-hash.ts'
import { type HashSelectorOptions, hashSelector, plainHashSelector } from './hash-selector.ts'

const key = fc.oneof(
  fc.integer(),
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
        select([...keys.map((one) => ({ key: one })), 'beyond'], keys.length, channels)
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

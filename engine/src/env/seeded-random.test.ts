import { expect, test } from 'vitest'
import { SeededRandom } from './seeded-random.ts'

test('a stream follows from seed and name alone, not from draws beside it', () => {
  const quiet = new SeededRandom(5)
  const busy = new SeededRandom(5)
  for (let draw = 0; draw < 100; draw++) busy.u32()
  busy.stream('other').u32()
  const first = quiet.stream('ties')
  const second = busy.stream('ties')
  for (let draw = 0; draw < 20; draw++) expect(first.u32()).toBe(second.u32())
  expect(quiet.stream('ties').u32()).not.toBe(quiet.stream('delays').u32())
  expect(new SeededRandom(6).stream('ties').u32()).not.toBe(quiet.stream('ties').u32())
})

test('uuids have the form of version 4 and differ', () => {
  const random = new SeededRandom(1)
  const uuids = Array.from({ length: 500 }, () => random.uuid())
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  for (const uuid of uuids) expect(uuid).toMatch(form)
  expect(new Set(uuids).size).toBe(500)
})

test('below refuses a bound it cannot serve', () => {
  const random = new SeededRandom(1)
  for (const bound of [0, -1, 1.5, 2 ** 32 + 1, Number.NaN]) {
    expect(() => random.below(bound)).toThrow(`below(${bound})`)
  }
})

test('buggify is false unless somebody decides otherwise, for streams too', () => {
  expect(new SeededRandom(1).buggify('network.one-record-buffers')).toBe(false)
  const decided = new SeededRandom(1, (point) => point === 'yes')
  expect(decided.stream('any').buggify('yes')).toBe(true)
  expect(decided.stream('any').buggify('no')).toBe(false)
})

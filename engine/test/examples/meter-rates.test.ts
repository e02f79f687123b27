import { minutes } from '@millrace/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { meanPower, type Power, type Reading } from '../../examples/meter-rates.ts'
import { at, comparesWithReference, outOfOrder, outputOf, timed } from './run-example.ts'

const read = (meter: string, wattHours: number, time: string) =>
  timed<Reading>({ meter, wattHours, atMs: at(time) })

const READINGS = [
  read('m1', 5_000, '09:00'), // only says where it stands
  read('m1', 5_060, '09:05'),
  read('m1', 5_200, '09:14'),
  read('m2', 70, '09:10'),
  read('m1', 5_120, '09:10'), // out of order
  read('m1', 5_300, '09:15'), // the next quarter
  read('m1', 40, '09:20'), // a new meter: it has counted 40 since
  read('m1', 100, '09:29'),
  read('m1', 90_000, '09:01'), // late: its place is gone
  read('m2', 370, '09:59'),
  read('m1', 100, '10:01'), // no consumption
]
const POWER = ['m1 09:00 200 800', 'm1 09:15 200 800', 'm1 10:00 0 0', 'm2 09:45 300 1200']

const shown = ({ meter, from, wattHours, watts }: Power): string =>
  `${meter} ${from.slice(11, 16)} ${wattHours} ${watts}`

test('each quarter has the energy that was read in it; a counter may begin anew', async () => {
  const power = await outputOf(meanPower, READINGS, { outOfOrdernessMs: minutes(5) })
  expect(power.map(shown).sort()).toEqual(POWER)
})

test.each([2, 5, 7, 9])('killed after %i readings, the quarters are the same', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: minutes(5), killsAt: [killAt] }
  expect((await outputOf(meanPower, READINGS, run)).map(shown).sort()).toEqual(POWER)
})

test('random readings give what sorting them and adding up gives', async () => {
  const random: fc.Arbitrary<Reading> = fc.record({
    meter: fc.constantFrom('m1', 'm2'),
    wattHours: fc.integer({ min: 0, max: 1_000 }),
    atMs: fc.integer({ min: 0, max: minutes(120) }),
  })
  await comparesWithReference({
    pipeline: meanPower,
    inputs: outOfOrder(random, minutes(10)),
    element: timed,
    outOfOrdernessMs: minutes(10),
    reference: (readings) => {
      const quarters = new Map<string, Power>()
      for (const meter of ['m1', 'm2']) {
        const sorted = readings
          .filter((reading) => reading.meter === meter)
          .sort((a, b) => a.atMs - b.atMs)
        for (const [i, { wattHours, atMs }] of sorted.entries()) {
          const before = sorted[i - 1]
          if (before === undefined) continue
          const used = wattHours - (wattHours < before.wattHours ? 0 : before.wattHours)
          const from = new Date(atMs - (atMs % minutes(15))).toISOString()
          const sum = (quarters.get(meter + from)?.wattHours ?? 0) + used
          quarters.set(meter + from, { meter, from, wattHours: sum, watts: sum * 4 })
        }
      }
      return [...quarters.values()]
    },
  })
})

import { type DataStream, hours, minutes, type WindowChange } from '@millrace/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type HourlySales,
  hourlySales,
  type Sale,
  TOO_LATE,
  type TotalSales,
  totalSales,
} from '../../examples/late-corrections.ts'
import { at, comparesWithReference, outOfOrder, outputOf, timed } from './run-example.ts'

const sold = (shop: string, cents: number, time: string) =>
  timed<Sale>({ shop, cents, atMs: at(time) })

const SALES = [
  sold('north', 100, '09:10'),
  sold('south', 500, '09:20'),
  sold('north', 200, '10:05'), // the watermark is past 10:00: the hour of nine is out
  sold('north', 30, '09:50'), // late, in time for a correction
  sold('north', 4, '09:59'), // and another one
  sold('south', 600, '12:05'), // past 12:00: the hour of nine is given up
  sold('north', 999, '09:55'), // too late
  sold('north', 1, '10:59'), // late, and in time
]

const hour = ({ shop, hour, cents }: HourlySales): string =>
  `${shop} ${hour.slice(11, 13)}h ${cents}`
const change = ({ kind, value }: WindowChange<HourlySales>): string =>
  `${kind === 'add' ? '+' : '-'} ${hour(value)}`

const accumulating = (sales: DataStream<Sale>): DataStream<string> => {
  const hourly = hourlySales(sales, 'accumulating')
  const tooLate = hourly.getSideOutput(TOO_LATE).map(({ cents }) => `too late ${cents}`)
  return hourly.map(hour).union(tooLate)
}
const ACCUMULATED = [
  'north 09h 100',
  'north 09h 130',
  'north 09h 134',
  'north 10h 200',
  'north 10h 201',
  'south 09h 500',
  'south 12h 600',
  'too late 999',
]

const retracting = (sales: DataStream<Sale>): DataStream<string> =>
  hourlySales(sales, 'retracting').map(change)
const RETRACTED = [
  '+ north 09h 100',
  '- north 09h 100',
  '+ north 09h 130',
  '- north 09h 130',
  '+ north 09h 134',
  '+ north 10h 200',
  '- north 10h 200',
  '+ north 10h 201',
]

const totals = (sales: DataStream<Sale>): DataStream<TotalSales> =>
  totalSales(hourlySales(sales, 'retracting'))

test('accumulating: each late sale gives the hour anew, what is too late goes aside', async () => {
  const output = await outputOf(accumulating, SALES, { outOfOrdernessMs: 0 })
  expect([...output].sort()).toEqual(ACCUMULATED)
})

test('retracting: the old result is taken back before each new one', async () => {
  const output = await outputOf(retracting, SALES, { outOfOrdernessMs: 0 })
  expect(output.filter((line) => line.includes('north'))).toEqual(RETRACTED)
})

test('a total of retracting results counts each hour once', async () => {
  const output = await outputOf(totals, SALES, { outOfOrdernessMs: 0 })
  const north = output.filter(({ shop }) => shop === 'north').map(({ cents }) => cents)
  expect(north).toEqual([100, 0, 130, 0, 134, 334, 134, 335])
})

test.each([3, 4, 6, 7])('killed after %i sales, the corrections are the same', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: 0, killsAt: [killAt] }
  expect([...(await outputOf(accumulating, SALES, run))].sort()).toEqual(ACCUMULATED)
  const retracted = await outputOf(retracting, SALES, run)
  expect(retracted.filter((line) => line.includes('north'))).toEqual(RETRACTED)
})

test('the last total of random sales is the sum of all that were not too late', async () => {
  const random: fc.Arbitrary<Sale> = fc.record({
    shop: fc.constantFrom('north', 'south'),
    cents: fc.integer({ min: 1, max: 1_000 }),
    atMs: fc.integer({ min: 0, max: hours(8) }),
  })
  await comparesWithReference({
    pipeline: totals,
    inputs: outOfOrder(random, hours(5)),
    element: timed,
    outOfOrdernessMs: minutes(20),
    reference: (sales) => {
      let highestMs = Number.NEGATIVE_INFINITY
      const sums = new Map<string, number>()
      for (const { shop, cents, atMs } of sales) {
        const hourEndMs = (Math.floor(atMs / hours(1)) + 1) * hours(1)
        const isTooLate = hourEndMs + hours(2) <= highestMs - minutes(20)
        if (!isTooLate) sums.set(shop, (sums.get(shop) ?? 0) + cents)
        highestMs = Math.max(highestMs, atMs)
      }
      return [...sums].map(([shop, cents]) => ({ shop, cents }))
    },
    shown: (output) => [...new Map(output.map((total) => [total.shop, total])).values()],
  })
})

import { type DataStream, hours, minutes, seconds } from '@millrace/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dailyTraffic, type Traffic, type Visit } from '../../examples/unique-visitors.ts'
import { at, comparesWithReference, outOfOrder, outputOf, timed } from './run-example.ts'

const visit = (visitor: string, time: string, site = 'shop') =>
  timed<Visit>({ site, visitor, atMs: at(time) })

const inBerlin = (visits: DataStream<Visit>) => dailyTraffic(visits, 'Europe/Berlin')

const VISITS = [
  visit('ann', '22:57:10'),
  visit('bob', '22:57:20'),
  visit('ann', '22:57:50'),
  visit('ann', '22:58:20', 'help'), // the watermark passes 22:58: the first update
  visit('cat', '22:57:59'), // out of order, and behind an update
  visit('bob', '22:59:40'), // nothing for 23:59: the shop is updated for 22:59, help is too
  visit('eve', '23:00:15'), // midnight in Berlin: last results of the day
  visit('dan', '22:59:59'), // late: that day is over
]

const UPDATES = [
  '23:00 shop 3 views by 2',
  '23:00 shop 5 views by 3',
  '23:00 help 1 views by 1',
  '23:00 shop 5 views by 3, final',
  '23:00 help 1 views by 1, final',
  '23:00 shop 1 views by 1, final', // early result and last one: the input ends
  '23:00 shop 1 views by 1, final',
].sort()

function shown({ site, dayStart, pageViews, uniqueVisitors, isFinal }: Traffic): string {
  const start = dayStart.slice(11, 16)
  return `${start} ${site} ${pageViews} views by ${uniqueVisitors}${isFinal ? ', final' : ''}`
}

test('a day of Berlin is updated every minute in which there is news', async () => {
  const updates = await outputOf(inBerlin, VISITS, { outOfOrdernessMs: seconds(10) })
  expect(updates.map(shown).sort()).toEqual(UPDATES)
})

test.each([2, 4, 7])('killed after %i visits, the updates are the same', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: seconds(10), killsAt: [killAt] }
  const updates = await outputOf(inBerlin, VISITS, run)
  expect(updates.map(shown).sort()).toEqual(UPDATES)
})

test('the last results of random days are those of a set per day', async () => {
  // The clocks change in these days: one of them has 23 hours.
  const startMs = Date.parse('2026-03-28T00:00+01:00')
  const random: fc.Arbitrary<Visit> = fc.record({
    site: fc.constantFrom('shop', 'help'),
    visitor: fc.constantFrom('ann', 'bob', 'cat', 'dan'),
    atMs: fc.integer({ min: startMs, max: startMs + hours(71) - 1 }),
  })
  const days = ['2026-03-28T00:00+01:00', '2026-03-29T00:00+01:00', '2026-03-30T00:00+02:00']
  const starts = [...days, '2026-03-31T00:00+02:00'].map((day) => Date.parse(day))
  await comparesWithReference({
    pipeline: inBerlin,
    inputs: outOfOrder(random, minutes(30)),
    element: timed,
    outOfOrdernessMs: minutes(30),
    reference: (visits) =>
      ['shop', 'help'].flatMap((site) =>
        starts.slice(0, 3).flatMap((dayMs, i): Traffic[] => {
          const ofDay = visits.filter(
            ({ atMs, site: s }) => s === site && atMs >= dayMs && atMs < (starts[i + 1] as number),
          )
          if (ofDay.length === 0) return []
          const uniqueVisitors = new Set(ofDay.map(({ visitor }) => visitor)).size
          const dayStart = new Date(dayMs).toISOString()
          return [{ site, dayStart, pageViews: ofDay.length, uniqueVisitors, isFinal: true }]
        }),
      ),
    shown: (updates) => {
      const last = new Map(updates.map((update) => [`${update.site} ${update.dayStart}`, update]))
      return [...last.values()]
    },
  })
})

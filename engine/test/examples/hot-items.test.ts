import { hours, minutes } from '@millrace/engine'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hotItems, type Ranking, type View } from '../../examples/hot-items.ts'
import { at, comparesWithReference, outOfOrder, outputOf, timed } from './run-example.ts'

const view = (item: string, time: string) => timed<View>({ item, atMs: at(time) })

const VIEWS = [
  view('lamp', '09:01'),
  view('book', '09:02'),
  view('shoe', '09:03'),
  view('book', '09:04'),
  view('lamp', '09:59'),
  view('lamp', '10:03'),
  view('pen', '10:12'), // the watermark is at 10:11 now
  view('pen', '09:58'), // late for the hours until 10:00, 10:05 and 10:10, and for no other
  view('pen', '08:00'), // late for all
]

const shown = ({ until, items }: Ranking): string =>
  `${until.slice(11, 16)} ${items.map(({ item, views }) => `${item} ${views}`).join(', ')}`

const RANKINGS = [
  '09:05 book 2, lamp 1', // the shoe is third
  ...['09:10', '09:15', '09:20', '09:25', '09:30'].map((until) => `${until} book 2, lamp 1`),
  ...['09:35', '09:40', '09:45', '09:50', '09:55'].map((until) => `${until} book 2, lamp 1`),
  '10:00 book 2, lamp 2', // equal: by name
  '10:05 lamp 2', // the first minutes are over an hour ago
  '10:10 lamp 2',
  ...['10:15', '10:20', '10:25', '10:30', '10:35'].map((until) => `${until} lamp 2, pen 2`),
  ...['10:40', '10:45', '10:50', '10:55'].map((until) => `${until} lamp 2, pen 2`),
  '11:00 lamp 1, pen 1',
  '11:05 pen 1',
  '11:10 pen 1',
]

const topTwo = (views: Parameters<typeof hotItems>[0]) => hotItems(views, 2)

test('the two most viewed items of each hour; a late view counts where it is not too late', async () => {
  const rankings = await outputOf(topTwo, VIEWS, { outOfOrdernessMs: minutes(1) })
  expect(rankings.map(shown)).toEqual(RANKINGS)
})

test.each([3, 7, 8])('killed after %i views, the rankings are the same', async (killAt) => {
  const run = { parallelism: 2, outOfOrdernessMs: minutes(1), killsAt: [killAt] }
  const rankings = await outputOf(topTwo, VIEWS, run)
  expect(rankings.map(shown).sort()).toEqual(RANKINGS)
})

test('the rankings of random views are those of a count of each hour by itself', async () => {
  const random: fc.Arbitrary<View> = fc.record({
    item: fc.constantFrom('a', 'b', 'c', 'd'),
    atMs: fc.integer({ min: at('09:00'), max: at('10:30') }),
  })
  await comparesWithReference({
    pipeline: topTwo,
    inputs: outOfOrder(random, minutes(10)),
    element: timed,
    outOfOrdernessMs: minutes(10),
    reference: (views) => {
      const rankings: Ranking[] = []
      for (let untilMs = at('09:00'); untilMs <= at('11:40'); untilMs += minutes(5)) {
        const within = views.filter(({ atMs }) => atMs < untilMs && atMs >= untilMs - hours(1))
        const items = ['a', 'b', 'c', 'd']
          .map((item) => ({ item, views: within.filter((one) => one.item === item).length }))
          .filter((counted) => counted.views > 0)
          .sort((left, right) => right.views - left.views)
          .slice(0, 2)
        if (items.length > 0) rankings.push({ until: new Date(untilMs).toISOString(), items })
      }
      return rankings
    },
  })
})

/**
 * Hot items: the most viewed items of the last hour, anew every five minutes.
 *
 * Two stages: the first counts the views of each item, in parallel. The second gets one number per
 * item and window and ranks them in one place. Results carry the last timestamp of their window, so
 * the counts that belong together meet in one window of the second stage.
 */
import {
  type AggregateFunction,
  type Collector,
  collectionSource,
  type DataStream,
  getExecutionEnvironment,
  hours,
  minutes,
  slidingEventTimeWindows,
  tumblingEventTimeWindows,
  types,
  watermarks,
} from '@millrace/engine'

/** Somebody looked at an item. */
export interface View {
  readonly item: string
  readonly atMs: number
}

/** The most viewed items of the hour before `until`, the best first. */
export interface Ranking {
  readonly until: string
  readonly items: readonly ItemViews[]
}

type ItemViews = { readonly item: string; readonly views: number }

export function hotItems(views: DataStream<View>, count: number): DataStream<Ranking> {
  return views
    .keyBy(({ item }) => item, types.string)
    .window(slidingEventTimeWindows(hours(1), minutes(5)))
    .aggregate(countViews, (item, _, [views = 0], out: Collector<ItemViews>) => {
      out.collect({ item, views })
    })
    .uid('views-per-item')
    .windowAll(tumblingEventTimeWindows(minutes(5)))
    .aggregate(mostViewed(count), (_, { window }, [items = []], out: Collector<Ranking>) => {
      out.collect({ until: new Date(window.endMs).toISOString(), items })
    })
    .uid('ranking')
}

const countViews: AggregateFunction<View, number, number> = {
  accumulatorType: types.int,
  createAccumulator: () => 0,
  add: (_view, count) => count + 1,
  getResult: (count) => count,
  merge: (left, right) => left + right,
}

/** Keeps the best and no more: the state is small, however many items there are. */
function mostViewed(count: number): AggregateFunction<ItemViews, ItemViews[], ItemViews[]> {
  const best = (items: ItemViews[]): ItemViews[] =>
    items.sort((a, b) => b.views - a.views || (a.item < b.item ? -1 : 1)).slice(0, count)
  return {
    accumulatorType: types.array(types.row({ item: types.string, views: types.int })),
    createAccumulator: () => [],
    add: (item, items) => best([...items, item]),
    getResult: (items) => items,
    merge: (left, right) => best([...left, ...right]),
  }
}

if (import.meta.main) {
  const items = ['lamp', 'book', 'lamp', 'shoe', 'lamp', 'book', 'pen', 'shoe', 'book', 'book']
  const views = items.map((item, i) => ({ item, atMs: Date.parse('2026-03-02') + i * minutes(7) }))
  const source = collectionSource(views, { timestamp: ({ atMs }) => atMs })
  const env = getExecutionEnvironment()
  hotItems(env.fromSource(source, watermarks.monotonous()).uid('views'), 3).print()
  await env.execute('hot-items')
}

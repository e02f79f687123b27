import fc from 'fast-check'
import {
  type Collector,
  type DataStream,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  type ListState,
  listState,
  type MapState,
  mapState,
  type OnTimerContext,
  type RuntimeContext,
  slidingEventTimeWindows,
  tumblingEventTimeWindows,
  types,
} from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { groupsOf } from './reference-groups.ts'
import { testRelations } from './relations.ts'
import { IN_ANY_ORDER, ITEM, type Item, type JobParts, keyedItems, type Step } from './subject.ts'

type Nothing = Record<string, never>

const nothing: fc.Arbitrary<Nothing> = fc.constant({})

/**
 * Holds records back until the watermark of both inputs has passed them, then enriches them with
 * all that the second input said of their key up to their time: the order of arrival is irrelevant.
 */
class EnrichInTime implements KeyedCoProcessFunction<string, Item, Item, string> {
  private readonly aheadMs: number
  private waiting: ListState<Item> | undefined
  private known: MapState<number, number> | undefined

  constructor(aheadMs: number) {
    this.aheadMs = aheadMs
  }

  open(context: RuntimeContext): void {
    this.waiting = context.getListState(listState<Item>('waiting', { type: ITEM }))
    const ofInt = { keyType: types.int, type: types.int }
    this.known = context.getMapState(mapState<number, number>('known', ofInt))
  }

  processElement1(item: Item, ctx: KeyedProcessContext<string>): void {
    this.waiting?.add(item)
    ctx.timerService.registerEventTimeTimer(item.atMs - this.aheadMs)
  }

  processElement2({ id, atMs }: Item): void {
    this.known?.put(id, atMs)
  }

  onTimer(_timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    const watermarkMs = ctx.timerService.currentWatermark() + this.aheadMs
    const all = [...(this.waiting?.get() ?? [])]
    this.waiting?.update(all.filter(({ atMs }) => atMs > watermarkMs))
    for (const { id, atMs } of all.filter((item) => item.atMs <= watermarkMs)) {
      const before = [...(this.known?.entries() ?? [])].filter(([, knownMs]) => knownMs <= atMs)
      const ids = before.map(([knownId]) => knownId).sort((left, right) => left - right)
      out.collect(`${id} knows ${ids}`)
    }
  }
}

const enriched = (parts: JobParts, aheadMs: number): DataStream<string> =>
  keyedItems(parts)
    .connect(parts.items(1).keyBy((item) => item.key, types.string))
    .process<string>(new EnrichInTime(aheadMs))

testRelations<Nothing>({
  name: 'DST-10, PRO-08, TIM-10 a keyed co-process function with timers',
  descriptions: nothing,
  relations: IN_ANY_ORDER,
  build: (parts) => enriched(parts, 0),
  expected: (_, steps) =>
    itemsOf(steps, 0).map(({ id, key, atMs }) => {
      const known = itemsOf(steps, 1).filter((one) => one.key === key && one.atMs <= atMs)
      return `${id} knows ${known.map((one) => one.id).sort((left, right) => left - right)}`
    }),
  canaries: { 'timers fire too early': (parts) => enriched(parts, 25) },
})

/** Windows of all keys over windows by key, over the union of both inputs. */
function consecutive({ items }: JobParts, sizeMs: number): DataStream<string> {
  return items(0)
    .union(items(1))
    .returns(ITEM)
    .keyBy((item) => item.key, types.string)
    .window(tumblingEventTimeWindows(10))
    .reduce(({ id, key, n, atMs }, right) => ({ id, key, n: n + right.n, atMs }))
    .returns(ITEM)
    .windowAll(slidingEventTimeWindows(sizeMs, 10))
    .process<string>((_key, { window }, sums, out) => {
      out.collect(`${window} ${[...sums].map(({ key, n }) => `${key}:${n}`).sort()}`)
    })
}

function consecutiveReference(steps: readonly Step[]): readonly string[] {
  const all = [...itemsOf(steps, 0), ...itemsOf(steps, 1)]
  const sums = groupsOf(all, { kind: 'tumbling', sizeMs: 10, offsetMs: 0 }).map(
    ({ key, endMs, items }, id) => ({
      id,
      key: '',
      n: items.reduce((sum, { n }) => sum + n, 0),
      atMs: endMs - 1,
      of: key,
    }),
  )
  return groupsOf(sums, { kind: 'sliding', sizeMs: 30, slideMs: 10 }).map(
    ({ startMs, endMs, items }) => {
      const texts = (items as typeof sums).map(({ of, n }) => `${of}:${n}`)
      return `[${startMs}, ${endMs}) ${texts.sort()}`
    },
  )
}

testRelations<Nothing>({
  name: 'WIN-07, WIN-27, DST-09 windows over windows over a union',
  descriptions: nothing,
  relations: IN_ANY_ORDER,
  build: (parts) => consecutive(parts, 30),
  expected: (_, steps) => consecutiveReference(steps),
  canaries: { 'windows overlap less': (parts) => consecutive(parts, 20) },
})

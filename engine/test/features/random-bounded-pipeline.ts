import fc from 'fast-check'
import {
  type BroadcastState,
  type Collector,
  countEvictor,
  type DataStream,
  endOfStreamWindows,
  eventTimeSessionWindows,
  type KeyedBroadcastContext,
  type KeyedBroadcastProcessFunction,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  type KeyedStream,
  type ListState,
  listState,
  type MapState,
  mapState,
  type OnTimerBroadcastContext,
  type OnTimerContext,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  slidingEventTimeWindows,
  type TimeWindow,
  tumblingEventTimeWindows,
  types,
  type WindowedStream,
  watermarks,
} from '../../src/index.ts'
import { record } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'

/** The records of random pipelines. */
export interface Item {
  readonly key: string
  readonly n: number
}

/** A step that turns items into items, with a result that no order of arrival changes. */
export type Step =
  | { readonly kind: 'map'; readonly add: number }
  | { readonly kind: 'filter'; readonly modulus: number }
  | { readonly kind: 'flatMap'; readonly copies: number }
  | { readonly kind: 'rekey'; readonly keys: number }
  | { readonly kind: 'exchange'; readonly how: 'rebalance' | 'shuffle' | 'rescale' | 'global' }
  | {
      readonly kind: 'window'
      readonly shape: 'tumbling' | 'sliding' | 'session'
      readonly sizeMs: number
      readonly way: 'reduce' | 'list' | 'evicted'
    }
  | { readonly kind: 'buckets'; readonly sizeMs: number }
  | { readonly kind: 'distinct' }
  | { readonly kind: 'partition' }
  | { readonly kind: 'coProcess' }
  | { readonly kind: 'intervalJoin'; readonly upperMs: number }
  | { readonly kind: 'windowJoin'; readonly sizeMs: number }
  | { readonly kind: 'broadcast' }

/** What stands behind the steps, and how its results are compared. */
export type Ending = 'none' | 'rolling' | 'end-of-stream'

/** A bounded job. */
export interface BoundedPipeline {
  /** Per source and split, items with their event time. */
  readonly sources: readonly [Splits, Splits]
  readonly strategy: 'none' | 'bounded'
  readonly steps: readonly (Step & { readonly parallelism: number })[]
  readonly ending: Ending
  readonly chaining: boolean
  readonly credits: number
}

type Splits = readonly (readonly { readonly item: Item; readonly atMs: number }[])[]

/** Event times lie within this many milliseconds, so that a bound of it leaves nothing late. */
const RANGE_MS = 200

const items = fc.record({
  item: fc.record({ key: fc.constantFrom('a', 'b', 'c', 'ü'), n: fc.nat(20) }),
  atMs: fc.integer({ min: 0, max: RANGE_MS }),
})
const splits: fc.Arbitrary<Splits> = fc.array(fc.array(items, { maxLength: 20, size: 'max' }), {
  minLength: 1,
  maxLength: 3,
})

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('map' as const), add: fc.nat(5) }),
  fc.record({ kind: fc.constant('filter' as const), modulus: fc.integer({ min: 2, max: 4 }) }),
  fc.record({ kind: fc.constant('flatMap' as const), copies: fc.nat(2) }),
  fc.record({ kind: fc.constant('rekey' as const), keys: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    kind: fc.constant('exchange' as const),
    how: fc.constantFrom('rebalance', 'shuffle', 'rescale', 'global'),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('window' as const),
      shape: fc.constantFrom('tumbling', 'sliding', 'session'),
      sizeMs: fc.integer({ min: 1, max: 25 }).map((half) => 2 * half),
      way: fc.constantFrom('reduce', 'list', 'evicted'),
    }),
  },
  fc.record({ kind: fc.constant('buckets' as const), sizeMs: fc.integer({ min: 5, max: 60 }) }),
  fc.record({ kind: fc.constant('distinct' as const) }),
  fc.record({ kind: fc.constant('partition' as const) }),
  fc.record({ kind: fc.constant('coProcess' as const) }),
  fc.record({ kind: fc.constant('intervalJoin' as const), upperMs: fc.nat(30) }),
  fc.record({ kind: fc.constant('windowJoin' as const), sizeMs: fc.integer({ min: 5, max: 60 }) }),
  fc.record({ kind: fc.constant('broadcast' as const) }),
)

/** Random bounded jobs. Joins multiply records, so there is one at most. */
export const boundedPipelines: fc.Arbitrary<BoundedPipeline> = fc
  .record({
    sources: fc.tuple(splits, splits),
    strategy: fc.constantFrom('none', 'bounded'),
    steps: fc.array(
      fc.tuple(steps, fc.integer({ min: 1, max: 3 })).map(([step, parallelism]) => ({
        ...step,
        parallelism,
      })),
      { minLength: 1, maxLength: 4 },
    ),
    ending: fc.constantFrom('none', 'rolling', 'end-of-stream'),
    chaining: fc.boolean(),
    credits: fc.constantFrom(1, 8),
  })
  .filter(({ steps: all }) => all.filter(({ kind }) => isJoin(kind)).length <= 1)

function isJoin(kind: Step['kind']): boolean {
  return kind === 'coProcess' || kind === 'intervalJoin' || kind === 'windowJoin'
}

const ofItem = types.row({ key: types.string, n: types.int })
const BY_NUMBER = watermarks.none<Item>().withTimestampAssigner(({ n }) => n % RANGE_MS)
const keyOf = (item: Item): string => item.key
const sumOf = (left: Item, right: Item): Item => ({ key: left.key, n: left.n + right.n })

/** Builds the job; its results have the event time that they are compared with. */
export function buildBounded(
  env: StreamExecutionEnvironment,
  pipeline: BoundedPipeline,
): DataStream<Item> {
  if (!pipeline.chaining) env.disableOperatorChaining()
  const [first, second] = pipeline.sources.map((splitsOfSource, index) => {
    const script = splitsOfSource.map((split) => split.map(({ item, atMs }) => record(item, atMs)))
    const strategy =
      pipeline.strategy === 'none'
        ? watermarks.none<Item>()
        : watermarks.boundedOutOfOrderness<Item>(RANGE_MS).emitEvery(1)
    return env
      .fromSource(scriptedSource(script), strategy, `source ${index}`, 1 + index)
      .returns(ofItem)
  }) as [DataStream<Item>, DataStream<Item>]
  let stream = first
  for (const step of pipeline.steps) stream = apply(stream, step, second).returns(ofItem)
  const keyed = stream.keyBy(keyOf, types.string)
  if (pipeline.ending === 'rolling') return keyed.reduce(sumOf)
  return pipeline.ending === 'none' ? stream : keyed.window(endOfStreamWindows()).reduce(sumOf)
}

function apply(
  stream: DataStream<Item>,
  step: Step & { readonly parallelism: number },
  other: DataStream<Item>,
): DataStream<Item> {
  const keyed = stream.keyBy(keyOf, types.string)
  const otherKeyed = other.keyBy(keyOf, types.string)
  const place = (made: DataStream<Item>): DataStream<Item> => made.setParallelism(step.parallelism)
  switch (step.kind) {
    case 'map':
      return place(stream.map(({ key, n }) => ({ key, n: n + step.add })))
    case 'filter':
      return place(stream.filter(({ n }) => n % step.modulus !== 0))
    case 'flatMap':
      return place(
        stream.flatMap<Item>((item, out) => {
          for (let i = 0; i < step.copies; i++) out.collect({ key: item.key, n: item.n + i })
        }),
      )
    case 'rekey':
      return place(stream.map(({ n }) => ({ key: `k${n % step.keys}`, n })))
    case 'exchange':
      return place(stream[step.how]().map((item) => item))
    case 'window':
      return place(windowed(keyed, step))
    case 'buckets':
      return place(keyed.process(new Buckets(step.sizeMs)))
    case 'distinct':
      return place(keyed.process(new Distinct()))
    case 'partition':
      // Results of a partition have no timestamps; they get some.
      return place(
        place(keyed.fullWindowPartition().reduce(sumOf)).assignTimestampsAndWatermarks(BY_NUMBER),
      )
    case 'coProcess':
      return place(keyed.connect(otherKeyed).process(new Pairs()))
    case 'intervalJoin':
      return place(
        keyed
          .intervalJoin(otherKeyed)
          .between(-5, step.upperMs)
          .process<Item>((left, right, _ctx, out) => out.collect(sumOf(left, right))),
      )
    case 'windowJoin':
      return place(
        stream
          .join(other)
          .where(keyOf, types.string)
          .equalTo(keyOf)
          .window(tumblingEventTimeWindows(step.sizeMs))
          .apply(sumOf),
      )
    case 'broadcast':
      return place(keyed.connect(other.broadcast(LIMITS)).process(new Limited()))
  }
}

function windowed(
  keyed: KeyedStream<Item, string>,
  { shape, sizeMs, way }: Extract<Step, { kind: 'window' }>,
): DataStream<Item> {
  const assigner =
    shape === 'session'
      ? eventTimeSessionWindows(sizeMs)
      : shape === 'sliding'
        ? slidingEventTimeWindows(sizeMs, sizeMs / 2)
        : tumblingEventTimeWindows(sizeMs)
  const windows: WindowedStream<Item, string, TimeWindow> = keyed.window(assigner)
  if (way === 'reduce') return windows.reduce(sumOf)
  const listed = way === 'list' ? windows : windows.evictor(countEvictor(1_000))
  return listed.process<Item>((key, { window }, elements, out) => {
    let sum = window.startMs
    for (const { n } of elements) sum += n * n
    out.collect({ key, n: sum % 10_007 })
  })
}

/** Sums per stretch of event time, emitted by its timer. */
class Buckets implements KeyedProcessFunction<string, Item, Item> {
  sums: MapState<number, number> | undefined
  readonly sizeMs: number

  constructor(sizeMs: number) {
    this.sizeMs = sizeMs
  }

  open(context: RuntimeContext): void {
    this.sums = context.getMapState(mapState<number, number>('sums', NUMBERS))
  }

  processElement({ n }: Item, ctx: KeyedProcessContext<string>): void {
    const endMs = Math.min(ctx.timestamp() - (ctx.timestamp() % this.sizeMs) + this.sizeMs, 1e9)
    this.sums?.put(endMs, (this.sums.get(endMs) ?? 0) + n)
    ctx.timerService.registerEventTimeTimer(endMs)
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<Item>): void {
    out.collect({ key: ctx.currentKey, n: this.sums?.get(timestampMs) ?? Number.NaN })
    this.sums?.remove(timestampMs)
  }
}

const NUMBERS = { keyType: types.number, type: types.number }
const LIMITS = mapState<string, number>('limits', { keyType: types.string, type: types.number })

/** Lets each number of a key pass once, at the end of the input, with the timestamp of the end. */
class Distinct implements KeyedProcessFunction<string, Item, Item> {
  seen: MapState<number, number> | undefined

  open(context: RuntimeContext): void {
    this.seen = context.getMapState(mapState<number, number>('seen', NUMBERS))
  }

  processElement({ n }: Item, ctx: KeyedProcessContext<string>): void {
    this.seen?.put(n, 1)
    ctx.timerService.registerEventTimeTimer(1e9)
  }

  onTimer(_timestampMs: number, ctx: OnTimerContext<string>, out: Collector<Item>): void {
    for (const n of this.seen?.keys() ?? []) out.collect({ key: ctx.currentKey, n })
  }
}

/** Pairs all items of equal keys, at the end of the input. */
class Pairs implements KeyedCoProcessFunction<string, Item, Item, Item> {
  lefts: ListState<number> | undefined
  rights: ListState<number> | undefined

  open(context: RuntimeContext): void {
    this.lefts = context.getListState(listState('lefts', { type: types.number }))
    this.rights = context.getListState(listState('rights', { type: types.number }))
  }

  processElement1({ n }: Item, ctx: KeyedProcessContext<string>): void {
    this.lefts?.add(n)
    ctx.timerService.registerEventTimeTimer(1e9)
  }

  processElement2({ n }: Item): void {
    this.rights?.add(n)
  }

  onTimer(_timestampMs: number, ctx: OnTimerContext<string>, out: Collector<Item>): void {
    for (const left of this.lefts?.get() ?? []) {
      for (const right of this.rights?.get() ?? []) {
        out.collect({ key: ctx.currentKey, n: (left * 100 + right) % 10_007 })
      }
    }
  }
}

/** Sums what of a key there is, and adds the highest broadcast number of the key, at the end. */
class Limited implements KeyedBroadcastProcessFunction<string, Item, Item, Item> {
  held: ListState<number> | undefined

  open(context: RuntimeContext): void {
    this.held = context.getListState(listState('held', { type: types.number }))
  }

  processElement({ n }: Item, ctx: KeyedReadOnlyBroadcastContext<string>): void {
    this.held?.add(n)
    ctx.timerService.registerEventTimeTimer(1e9)
  }

  processBroadcastElement({ key, n }: Item, ctx: KeyedBroadcastContext<string>): void {
    const limits: BroadcastState<string, number> = ctx.getBroadcastState(LIMITS)
    limits.put(key, Math.max(limits.get(key) ?? 0, n))
  }

  onTimer(_timestampMs: number, ctx: OnTimerBroadcastContext<string>, out: Collector<Item>): void {
    let sum = ctx.getBroadcastState(LIMITS).get(ctx.currentKey) ?? 0
    for (const n of this.held?.get() ?? []) sum += n
    out.collect({ key: ctx.currentKey, n: sum })
  }
}

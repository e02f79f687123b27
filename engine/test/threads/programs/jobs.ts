/// <reference types="node" />
// A program with several jobs to choose from: the tests build one in their own thread, and name
// this module as what the other threads load. Its arguments name the job and its settings.
import {
  asyncDataStream,
  type Collector,
  CounterAccumulator,
  type DataStream,
  type FlatMapFunction,
  getExecutionEnvironment,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  mapState,
  type OnTimerContext,
  outputTag,
  type RuntimeContext,
  type StreamExecutionEnvironment,
  tumblingEventTimeWindows,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '../../../src/index.ts'

interface Reading {
  readonly id: number
  readonly sensor: string
  readonly at: { readonly x: number; readonly room: string | null }
  readonly tags: readonly string[]
}

const ROOMS = ['kitchen', 'Küche', '厨房', null] as const

function readings(env: StreamExecutionEnvironment, count: number): DataStream<Reading> {
  return env
    .fromSequence(1, count)
    .map<Reading>((id) => ({
      id,
      sensor: `sensor-${id % 37}`,
      at: { x: id / 8, room: ROOMS[id % 4] as string | null },
      tags: ['a', 'b', 'c', 'd', 'e'].slice(0, id % 6),
    }))
    .assignTimestampsAndWatermarks(
      watermarks.boundedOutOfOrderness<Reading>(50).withTimestampAssigner(({ id }) => id),
    )
}

function untyped<T>(stream: DataStream<T>): DataStream<unknown> {
  return stream.map<unknown>((record) => record)
}

function windows(env: StreamExecutionEnvironment): DataStream<unknown> {
  return readings(env, 5_000)
    .keyBy((reading) => reading.sensor, types.string)
    .window(tumblingEventTimeWindows(500))
    .process<unknown>((sensor, { window }, elements, out) => {
      const sorted = [...elements].sort((a, b) => a.id - b.id)
      const ids = sorted.map(({ id }) => id)
      out.collect({ sensor, from: window.startMs, ids, last: sorted.at(-1)?.at.room })
    })
}

function sums(env: StreamExecutionEnvironment): DataStream<unknown> {
  return readings(env, 5_000)
    .keyBy((reading) => reading.sensor, types.string)
    .window(tumblingEventTimeWindows(500))
    .reduce((left, right) => ({ ...left, id: left.id + right.id }))
    .map<unknown>(({ sensor, id }) => ({ sensor, id }))
}

function whole(env: StreamExecutionEnvironment): DataStream<unknown> {
  return readings(env, 3_000)
    .rebalance()
    .map<unknown>((reading) => ({ ...reading, seen: true }))
}

const LATE = outputTag<string>('late')
const COUNT = valueState<number>('count', { type: types.int })

/** Counts per key; a timer tells the count, records behind the watermark go to a side output. */
class CountUntil implements KeyedProcessFunction<string, Reading, string> {
  private count!: ValueState<number>

  open(context: RuntimeContext): void {
    this.count = context.getState(COUNT)
  }

  processElement({ id }: Reading, ctx: KeyedProcessContext<string>): void {
    if (id % 100 === 0) ctx.output(LATE, `hundred ${id}`)
    this.count.update((this.count.value() ?? 0) + 1)
    ctx.timerService.registerEventTimeTimer(Math.ceil(id / 1_000) * 1_000)
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${ctx.currentKey} ${timestampMs} ${(this.count.value() ?? 0) > 0}`)
  }
}

function timers(env: StreamExecutionEnvironment): DataStream<unknown> {
  const counted = readings(env, 4_000)
    .keyBy(({ sensor }) => sensor)
    .process(new CountUntil())
  return untyped(counted.union(counted.getSideOutput(LATE)))
}

const RULES = mapState<string, string>('rules', { keyType: types.string, type: types.string })

function rules(env: StreamExecutionEnvironment): DataStream<unknown> {
  const names = env.fromElements('one', 'two', 'three').broadcast(RULES)
  return env
    .fromSequence(1, 1)
    .rebalance()
    .connect(names)
    .process<unknown>({
      processElement() {},
      processBroadcastElement(name, ctx, out) {
        ctx.getBroadcastState(RULES).put(name, name)
        if (name === 'three') out.collect([...ctx.getBroadcastState(RULES).keys()].sort().join())
      },
    })
}

function lookups(env: StreamExecutionEnvironment): DataStream<unknown> {
  const lookup = async (id: number): Promise<string> => `${id} ${await Promise.resolve(id * id)}`
  const numbers = env.fromSequence(1, 500).rebalance()
  return untyped(asyncDataStream.unorderedWait(numbers, lookup, { capacity: 20 }))
}

/** Counts its records into an accumulator. */
class Counted implements FlatMapFunction<number, number> {
  private readonly records = new CounterAccumulator()

  open(context: RuntimeContext): void {
    context.addAccumulator('records', this.records)
  }

  flatMap(value: number, out: Collector<number>): void {
    this.records.add(1)
    out.collect(value)
  }
}

/** The jobs by name. */
export const JOBS: Readonly<
  Record<string, (env: StreamExecutionEnvironment, option: string) => DataStream<unknown>>
> = {
  windows,
  sums,
  whole,
  timers,
  rules,
  lookups,
  counted: (env) => untyped(env.fromSequence(1, 1_000).rebalance().flatMap(new Counted())),
  other: (env) => untyped(env.fromElements(1)),
}

if (import.meta.main) {
  const [name, parallelism, option] = process.argv.slice(2) as [string, string, string]
  const env = getExecutionEnvironment().configure({ 'execution.target': 'threads' })
  env.setParallelism(Number(parallelism))
  await JOBS[name]?.(env, option).executeAndCollect(name)
}

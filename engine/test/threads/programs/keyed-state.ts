import {
  type AggregateFunction,
  type AggregatingState,
  aggregatingState,
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type ListState,
  listState,
  type MapState,
  mapState,
  type OnTimerContext,
  outputTag,
  type ReducingState,
  type RuntimeContext,
  reducingState,
  reinterpretAsKeyedStream,
  stateTtl,
  types,
  type ValueState,
  valueState,
} from '../../../src/index.ts'
import { READING_COUNT, type Reading } from './paused-readings.ts'
import type { Program, ProgramGroup } from './program.ts'

const MEAN: AggregateFunction<number, { sum: number; count: number }, number> = {
  createAccumulator: () => ({ sum: 0, count: 0 }),
  add: (n, { sum, count }) => ({ sum: sum + n, count: count + 1 }),
  getResult: ({ sum, count }) => sum / count,
  merge: (left, right) => ({ sum: left.sum + right.sum, count: left.count + right.count }),
}

/** Emits what each kind of state holds, at every reading. */
class EveryKind implements KeyedProcessFunction<string, Reading, string> {
  private count!: ValueState<number>
  private last!: ListState<number>
  private byN!: MapState<number, number>
  private sum!: ReducingState<number>
  private mean!: AggregatingState<number, number>

  open(context: RuntimeContext): void {
    const ofInt = { type: types.int }
    this.count = context.getState(valueState<number>('count', { ...ofInt, initialValue: 0 }))
    this.last = context.getListState(listState<number>('last', ofInt))
    this.byN = context.getMapState(mapState<number, number>('by n', { keyType: types.int }))
    this.sum = context.getReducingState(
      reducingState<number>('sum', (left, right) => left + right, ofInt),
    )
    this.mean = context.getAggregatingState(aggregatingState('mean', MEAN))
  }

  processElement({ id, n }: Reading, _ctx: unknown, out: Collector<string>): void {
    this.count.update((this.count.value() ?? 0) + 1)
    this.last.update([...(this.last.get() ?? []), id].slice(-3))
    this.byN.put(n % 5, (this.byN.get(n % 5) ?? 0) + 1)
    this.sum.add(n)
    this.mean.add(n)
    const byN = [...this.byN.entries()].sort().join(' ')
    out.collect(
      `${id}: ${this.count.value()} ${this.last.get()} ${byN} ${this.sum.get()} ${this.mean.get()}`,
    )
  }
}

/** Remembers for 100 ms of event time; a timer behind that finds nothing any more. */
class Remembering implements KeyedProcessFunction<string, Reading, string> {
  private seen!: ValueState<number>

  open(context: RuntimeContext): void {
    const ttl = stateTtl<number>({ ttlMs: 100, time: 'event' })
    this.seen = context.getState(valueState<number>('seen', { type: types.int, ttl }))
  }

  processElement({ id }: Reading, ctx: KeyedProcessContext<string>, out: Collector<string>): void {
    if (id % 300 >= 12) return // a key comes once in three hundred
    this.seen.update(id)
    out.collect(`${id} is ${this.seen.value()}`)
    ctx.timerService.registerEventTimeTimer(id + 150)
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    const seen = this.seen.value() ?? READING_COUNT
    if (seen < timestampMs) out.collect(`${ctx.currentKey} still remembers ${seen}`)
    else out.collect(`${ctx.currentKey} at ${timestampMs}`)
  }
}

const EVEN = outputTag<string>('even')

/** A timer per hundred of event time; one in two is deleted again. */
class Hundreds implements KeyedProcessFunction<string, Reading, string> {
  private ids!: ListState<number>

  open(context: RuntimeContext): void {
    this.ids = context.getListState(listState<number>('ids', { type: types.int }))
  }

  processElement({ id }: Reading, ctx: KeyedProcessContext<string>): void {
    if (id % 2 === 0) ctx.output(EVEN, `even ${id}`)
    this.ids.add(id)
    const endMs = (Math.floor(id / 100) + 1) * 100
    ctx.timerService.registerEventTimeTimer(endMs)
    ctx.timerService.registerEventTimeTimer(endMs + 50)
    if (id % 24 < 12) ctx.timerService.deleteEventTimeTimer(endMs + 50)
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    const due = [...(this.ids.get() ?? [])].filter((id) => id < timestampMs)
    out.collect(`${ctx.currentKey} at ${timestampMs}: ${due.slice(-9)}`)
  }
}

const timers: Program = ({ readings }) => {
  const fired = readings.keyBy(({ key }) => key, types.string).process(new Hundreds())
  return fired.union(fired.getSideOutput(EVEN))
}

const rolling: Program = ({ readings }) => {
  const totals = readings.keyBy(({ key }) => key, types.string).sum('n')
  const largest = reinterpretAsKeyedStream(totals, ({ key }) => key, types.string).max('id')
  return largest.map(({ key, id, n }) => `${key} ${id} ${n}`)
}

/** All kinds of keyed state, timers of event time, side outputs, reinterpreted streams. */
export const KEYED_STATE: ProgramGroup = {
  programs: {
    'state of every kind': ({ readings }) =>
      readings.keyBy(({ key }) => key, types.string).process(new EveryKind()),
    'state that lives for a time': ({ readings }) =>
      readings.keyBy(({ key }) => key, types.string).process(new Remembering()),
    'timers and side outputs': timers,
    'rolling, reinterpreted': rolling,
    deduplicate: ({ readings }) =>
      readings
        .keyBy(({ key }) => key, types.string)
        .deduplicate({ ttlMs: 10 * READING_COUNT })
        .map(({ key, id }) => `${key} first ${id}`),
  },
}

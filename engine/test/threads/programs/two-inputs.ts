import {
  type Collector,
  type KeyedCoProcessFunction,
  type KeyedProcessContext,
  mapState,
  type OnTimerContext,
  type RuntimeContext,
  slidingEventTimeWindows,
  tumblingEventTimeWindows,
  types,
  type ValueState,
  valueState,
} from '../../../src/index.ts'
import { READING_COUNT, type Reading } from './paused-readings.ts'
import { type Program, type ProgramGroup, READING } from './program.ts'

const keyOf = ({ key }: Reading): string => key

const idsOf = (readings: readonly Reading[]): string =>
  readings
    .map(({ id }) => id)
    .sort((left, right) => left - right)
    .join()

/** Sums both inputs by hundreds of event time, in keyed state; timers tell them. */
class BothSums implements KeyedCoProcessFunction<string, Reading, Reading, string> {
  private first!: ValueState<number>
  private second!: ValueState<number>

  open(context: RuntimeContext): void {
    const ofInt = { type: types.int, initialValue: 0 }
    this.first = context.getState(valueState<number>('first', ofInt))
    this.second = context.getState(valueState<number>('second', ofInt))
  }

  processElement1({ n }: Reading, { timerService }: KeyedProcessContext<string>): void {
    this.first.update((this.first.value() ?? 0) + n)
    timerService.registerEventTimeTimer(READING_COUNT + 1)
  }

  processElement2({ n }: Reading, { timerService }: KeyedProcessContext<string>): void {
    this.second.update((this.second.value() ?? 0) + n)
    timerService.registerEventTimeTimer(READING_COUNT + 2)
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    const sums = `${this.first.value()} and ${this.second.value()}`
    out.collect(`${ctx.currentKey} ${timestampMs - READING_COUNT}: ${sums}`)
  }
}

const coProcess: Program = ({ readings, others }) =>
  readings.keyBy(keyOf, types.string).connect(others.keyBy(keyOf, types.string)).process({
    open: BothSums.prototype.open,
    processElement1: BothSums.prototype.processElement1,
    processElement2: BothSums.prototype.processElement2,
    onTimer: BothSums.prototype.onTimer,
  })

const windowJoin: Program = ({ readings, others }) =>
  readings
    .filter(({ id }) => id % 5 === 0)
    .join(others.filter(({ id }) => id % 7 === 0))
    .where(keyOf, types.string)
    .equalTo(keyOf)
    .window(tumblingEventTimeWindows(100))
    .types(READING, READING)
    .apply((left, right) => `${left.id} and ${right.id}`)

const coGroup: Program = ({ readings, others }) =>
  readings
    .coGroup(others.filter(({ id }) => id % 3 === 0))
    .where(keyOf, types.string)
    .equalTo(keyOf)
    .window(slidingEventTimeWindows(100, 50))
    .types(READING, READING)
    .apply((left, right, out) => out.collect(`${idsOf(left)} and ${idsOf(right)}`))

const intervalJoin: Program = ({ readings, others }) =>
  readings
    .keyBy(keyOf, types.string)
    .intervalJoin(others.keyBy(keyOf, types.string))
    .between(-12, 24)
    .types(READING, READING)
    .process<string>((left, right, _, out) => out.collect(`${left.id} and ${right.id}`))

const RULES = mapState<number, string>('rules', { keyType: types.int, type: types.string })
const COUNT = valueState<number>('count', { type: types.int })

/**
 * Rules and readings race, so a result must not follow from which comes first: what counts is the
 * last watermark, when all rules and all readings are there.
 */
const broadcastRules: Program = ({ readings, others }) =>
  readings
    .keyBy(keyOf, types.string)
    .connect(others.filter(({ id }) => id % 100 === 0).broadcast(RULES as never))
    .process<string>({
      open(this: { count?: ValueState<number> }, context: RuntimeContext) {
        this.count = context.getState(COUNT)
      },
      processElement(this: { count?: ValueState<number> }, _reading, ctx) {
        this.count?.update((this.count.value() ?? 0) + 1)
        ctx.timerService.registerEventTimeTimer(READING_COUNT + 1)
      },
      processBroadcastElement: ({ id, key }, ctx) => ctx.getBroadcastState(RULES).put(id, key),
      onTimer(this: { count?: ValueState<number> }, _timestampMs, ctx, out) {
        const rules = [...ctx.getBroadcastState(RULES).keys()].sort((left, right) => left - right)
        out.collect(`${ctx.currentKey}: ${this.count?.value()} by ${rules}`)
      },
    })

const union: Program = ({ readings, others }) =>
  readings
    .union(others)
    .keyBy(({ id }) => id, types.int)
    .window(tumblingEventTimeWindows(10))
    .sum('n')
    .map(({ id, n }) => `${id} twice ${n}`)

/** Joins, connected streams, broadcast state, unions. */
export const TWO_INPUTS: ProgramGroup = {
  programs: {
    'co-process': coProcess,
    'window join': windowJoin,
    'co-group': coGroup,
    'interval join': intervalJoin,
    'broadcast rules': broadcastRules,
    union,
  },
}

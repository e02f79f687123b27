import {
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type OnTimerContext,
  processingTimeSessionWindows,
  type RuntimeContext,
  tumblingProcessingTimeWindows,
  types,
  type ValueState,
  valueState,
} from '../../../src/index.ts'
import { READING_COUNT, type Reading } from './paused-readings.ts'
import type { Program, ProgramGroup } from './program.ts'

/** A timer of the clock for every tenth reading; it says which. */
class Alarms implements KeyedProcessFunction<number, Reading, string> {
  private id!: ValueState<number>

  open(context: RuntimeContext): void {
    this.id = context.getState(valueState<number>('id', { type: types.int }))
  }

  processElement({ id }: Reading, { timerService }: KeyedProcessContext<number>): void {
    if (id % 10 !== 0) return
    this.id.update(id)
    timerService.registerProcessingTimeTimer(timerService.currentProcessingTime() + (id % 50))
  }

  onTimer(_timestampMs: number, ctx: OnTimerContext<number>, out: Collector<string>): void {
    out.collect(`${ctx.currentKey} rings for ${this.id.value()}`)
    this.id.clear()
  }
}

interface Part {
  readonly key: string
  readonly n: number
  readonly count: number
}

/** Windows of the clock hold what they like: their sums come together once all readings are in. */
const windows: Program = ({ readings }) => {
  const ones = readings.map<Part>(({ key, n }) => ({ key, n, count: 1 }))
  const merge = (left: Part, right: Part): Part => ({
    key: left.key,
    n: left.n + right.n,
    count: left.count + right.count,
  })
  const byKey = ones.keyBy(({ key }) => key, types.string)
  const tumbling = byKey.window(tumblingProcessingTimeWindows(10)).reduce(merge)
  const sessions = byKey.window(processingTimeSessionWindows(15)).reduce(merge)
  return tumbling
    .union(sessions)
    .keyBy(({ key }) => key, types.string)
    .reduce(merge)
    .filter(({ count }) => count === 2 * (READING_COUNT / 12))
    .map(({ key, n }) => `${key} sums up to ${n}`)
}

/** Timers and windows of processing time: a job that has no end, since nothing fires behind it. */
export const CLOCK: ProgramGroup = {
  programs: {
    alarms: ({ readings }) => readings.keyBy(({ id }) => id, types.int).process(new Alarms()),
    windows,
  },
  resultCount: READING_COUNT / 10 + 12,
}

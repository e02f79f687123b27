import {
  type Collector,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type OnTimerContext,
  types,
} from '@millrace/engine'
import { type CheckedJob, rowAdder } from '../../jobs/checked-job.ts'
import { type Entry, entries, timeOf } from './entries.ts'

/** Every entry sets a timer of its own key, and this many of them are set at any time. */
const TIMERS = 1_000_000
const PER_MS = 100
const DELAY_MS = TIMERS / PER_MS

const SHAPE = {
  perMs: PER_MS,
  entryAt: (index: number): Entry => ({ key: (index * 7_919) % TIMERS, value: 0 }),
}

/** A timer that fired. */
interface Fired {
  readonly key: number
  readonly timeMs: number
}

/** Timers of a million keys in event time, each set once more after it has fired. */
export const userTimers: CheckedJob<Fired> = {
  name: 'user-timers',
  results: (env, size) =>
    entries(env, size, SHAPE)
      .keyBy(({ key }) => key, types.int)
      .process(new Waking()),
  adder: rowAdder(({ key, timeMs }, hash) => hash.number(key).number(timeMs)),
  plainly({ records }, add) {
    for (let index = 0; index < records; index++) {
      add({ key: SHAPE.entryAt(index).key, timeMs: timeOf(index, SHAPE) + DELAY_MS })
    }
  },
}

class Waking implements KeyedProcessFunction<number, Entry, Fired> {
  processElement(_entry: Entry, ctx: KeyedProcessContext<number>): void {
    ctx.timerService.registerEventTimeTimer(ctx.timestamp() + DELAY_MS)
  }

  onTimer(timeMs: number, { currentKey }: OnTimerContext<number>, out: Collector<Fired>): void {
    out.collect({ key: currentKey, timeMs })
  }
}

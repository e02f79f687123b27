import type { OutputTag } from '../../core/output-tag.ts'
import type { Collector, RichFunction } from '../function/functions.ts'
import type { TimeDomain, TimerService } from './timer-service.ts'

/** What a process function sees beside the record. Valid until the call returns. */
export interface ProcessContext {
  /** Event time of the record in milliseconds since 1970, `NaN` for none; of a timer, its time. */
  timestamp(): number
  readonly timerService: TimerService
  /** Emits a record to a side output, with the timestamp that `out.collect` would give it. */
  output<X>(tag: OutputTag<X>, value: X): void
}

/** What a process function on a keyed stream sees beside the record. */
export interface KeyedProcessContext<K> extends ProcessContext {
  /** The key of the record or timer. */
  readonly currentKey: K
}

/** What a process function sees when a timer fires. */
export interface OnTimerContext<K> extends KeyedProcessContext<K> {
  readonly timeDomain: TimeDomain
}

// Properties, not methods: the compiler compares the parameters of methods either way round, and
// would take a function for keys of another type, or a keyed one on a stream without keys.

/**
 * The most general function on a stream without keys: any number of records out, side outputs,
 * timestamps. Timers and keyed state need a keyed stream.
 */
export interface ProcessFunction<IN, OUT> extends RichFunction {
  readonly processElement: (value: IN, ctx: ProcessContext, out: Collector<OUT>) => void
}

/**
 * The most general function on a keyed stream: keyed state, timers, side outputs.
 *
 * What `onTimer` emits carries the time of an event-time timer, and no timestamp for a
 * processing-time timer. An error in `onTimer` fails the task, whatever the record error policy.
 *
 * ```ts
 * // Says of each key when it was silent for 5 ms of event time.
 * class Silence implements KeyedProcessFunction<string, string, string> {
 *   private last!: ValueState<number>
 *
 *   open(context: RuntimeContext): void {
 *     this.last = context.getState(valueState<number>('last', { type: types.number }))
 *   }
 *
 *   processElement(_value: string, ctx: KeyedProcessContext<string>): void {
 *     this.last.update(ctx.timestamp())
 *     ctx.timerService.registerEventTimeTimer(ctx.timestamp() + 5)
 *   }
 *
 *   onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
 *     if (this.last.value() !== timestampMs - 5) return // there was a record in between
 *     out.collect(`${ctx.currentKey} silent at ${timestampMs}`)
 *   }
 * }
 *
 * const times = new Map([['a', 0], ['b', 3], ['c', 20]])
 * const source = collectionSource(['a', 'b', 'c'], { timestamp: (key) => times.get(key) ?? 0 })
 * const keyed = env.fromSource(source, watermarks.monotonous()).keyBy((key) => key)
 * const silences = await keyed.process(new Silence()).executeAndCollect()
 * silences // => ['a silent at 5', 'b silent at 8', 'c silent at 25']
 * ```
 * @see Flink documentation, "Process Function"
 */
export interface KeyedProcessFunction<K, IN, OUT> extends RichFunction {
  readonly processElement: (value: IN, ctx: KeyedProcessContext<K>, out: Collector<OUT>) => void
  readonly onTimer?: (timestampMs: number, ctx: OnTimerContext<K>, out: Collector<OUT>) => void
}

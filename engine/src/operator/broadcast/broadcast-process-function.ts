import type { OutputTag } from '../../core/output-tag.ts'
import type { BroadcastState, ReadOnlyBroadcastState } from '../../state/operator-state.ts'
import type { MapStateDescriptor } from '../../state/state-descriptor.ts'
import type { Collector, RichFunction } from '../function/functions.ts'
import type { TimeDomain, TimerService } from '../process/timer-service.ts'
import type { StateDescriptor, StateOf } from './keyed-state-of.ts'

/** Describes a broadcast state: a map, whatever it maps. */
export type BroadcastDescriptor = MapStateDescriptor<unknown, unknown>

/** What both sides of a broadcast process function see. Valid until the call returns. */
export interface BroadcastBaseContext {
  /** Event time of the record in milliseconds since 1970, `NaN` for none. */
  timestamp(): number
  /** The watermark the operator has received last: the lower of both sides. */
  currentWatermark(): number
  /** Wall time of the TaskManager, milliseconds since 1970. */
  currentProcessingTime(): number
  /** Emits a record to a side output, with the timestamp that `out.collect` would give it. */
  output<X>(tag: OutputTag<X>, value: X): void
}

/** What the side of the records sees: it may read broadcast state and not change it. */
export interface ReadOnlyBroadcastContext extends BroadcastBaseContext {
  /**
   * The broadcast state, equal on every subtask.
   * @throws INVALID_PROGRAM if the descriptor was not given to `broadcast(...)`
   */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): ReadOnlyBroadcastState<K, V>
}

/** What the broadcast side sees: it alone may change broadcast state. */
export interface BroadcastContext extends BroadcastBaseContext {
  /**
   * The broadcast state, equal on every subtask. Changes must follow from the broadcast records
   * alone: not from the subtask, the clock, the order relative to records, or randomness.
   * @throws INVALID_PROGRAM if the descriptor was not given to `broadcast(...)`
   */
  getBroadcastState<K, V>(descriptor: MapStateDescriptor<K, V>): BroadcastState<K, V>
}

/** What the side of the keyed records sees. */
export interface KeyedReadOnlyBroadcastContext<K> extends ReadOnlyBroadcastContext {
  readonly currentKey: K
  readonly timerService: TimerService
}

/** What a timer sees. */
export interface OnTimerBroadcastContext<K> extends KeyedReadOnlyBroadcastContext<K> {
  readonly timeDomain: TimeDomain
}

/** What the broadcast side sees beside a keyed stream. There is no current key. */
export interface KeyedBroadcastContext<K> extends BroadcastContext {
  /**
   * Calls `visit` for every key of this subtask that holds a value of the state, with the state
   * set to that key. `visit` may change the state, and other keyed state of the key. The order of
   * the keys is not defined. Together the subtasks visit every key once.
   */
  applyToKeyedState<D extends StateDescriptor>(
    descriptor: D,
    visit: (key: K, state: StateOf<D>) => void,
  ): void
}

/**
 * Processes records with the help of broadcast state: `processBroadcastElement` is called on every
 * subtask for each record of the broadcast stream, `processElement` once for each other record.
 */
export interface BroadcastProcessFunction<IN, BROADCAST, OUT> extends RichFunction {
  readonly processElement: (value: IN, ctx: ReadOnlyBroadcastContext, out: Collector<OUT>) => void
  readonly processBroadcastElement: (
    value: BROADCAST,
    ctx: BroadcastContext,
    out: Collector<OUT>,
  ) => void
}

/**
 * The same on a keyed stream, with keyed state and timers for its records. In
 * `processBroadcastElement` no key is set; `ctx.applyToKeyedState` reaches all of them.
 */
export interface KeyedBroadcastProcessFunction<K, IN, BROADCAST, OUT> extends RichFunction {
  readonly processElement: (
    value: IN,
    ctx: KeyedReadOnlyBroadcastContext<K>,
    out: Collector<OUT>,
  ) => void
  readonly processBroadcastElement: (
    value: BROADCAST,
    ctx: KeyedBroadcastContext<K>,
    out: Collector<OUT>,
  ) => void
  readonly onTimer?: (
    timestampMs: number,
    ctx: OnTimerBroadcastContext<K>,
    out: Collector<OUT>,
  ) => void
}

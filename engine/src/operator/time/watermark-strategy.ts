import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import {
  BoundedOutOfOrdernessGenerator,
  MonotonousTimestampsGenerator,
  type WatermarkGenerator,
} from './watermark-generator.ts'

/**
 * Reads the event time of a record in milliseconds since 1970.
 *
 * @param recordTimestampMs the timestamp the record has already, say from Kafka; `NaN` for none
 */
export type TimestampAssigner<T> = (value: T, recordTimestampMs: number) => number

/** See {@link WatermarkStrategy.withMaxForwardJump}. */
export interface ForwardJumpOptions<T> {
  /** The side output that gets the records that are too far ahead; without one they are dropped. */
  readonly tag?: OutputTag<T>
  /**
   * What a record may not be too far ahead of. `processing-time` (the default): of the clock and of
   * the records so far, so that a gap in the stream is never taken for a mistake. `event-time`: of
   * the records so far alone, so that a replay of old records gives the same result at any time;
   * only the first record is compared with the clock, and a gap that is longer than the jump
   * refuses everything behind it.
   */
  readonly reference?: 'processing-time' | 'event-time'
}

/** The guard against timestamps in the future. */
export interface ForwardJumpGuard<T> {
  readonly maxJumpMs: number
  readonly tag: OutputTag<T> | undefined
  readonly reference: 'processing-time' | 'event-time'
}

/** The sources of a group wait for each other. See {@link WatermarkStrategy}. */
export interface WatermarkAlignment {
  readonly group: string
  readonly maxDriftMs: number
  readonly updateIntervalMs: number
}

interface StrategySettings<T> {
  readonly createGenerator: (() => WatermarkGenerator<T>) | undefined
  readonly timestampAssigner: TimestampAssigner<T> | undefined
  readonly idleTimeoutMs: number | undefined
  readonly emitEveryMs: number | undefined
  readonly forwardJump: ForwardJumpGuard<T> | undefined
  readonly alignment: WatermarkAlignment | undefined
}

/**
 * How a stream gets timestamps and watermarks. Immutable: each method returns a new strategy. Made
 * by {@link watermarks}.
 *
 * ```ts
 * const strategy = watermarks
 *   .boundedOutOfOrderness<{ atMs: number }>(seconds(5))
 *   .withTimestampAssigner((order) => order.atMs)
 *   .withIdleness(minutes(1))
 * strategy.idleTimeoutMs // => 60000
 * ```
 */
export class WatermarkStrategy<T> {
  /** Makes the generator of one subtask; undefined for a stream without watermarks. */
  readonly createGenerator: (() => WatermarkGenerator<T>) | undefined
  /** Without an assigner, records keep the timestamps they have. */
  readonly timestampAssigner: TimestampAssigner<T> | undefined
  /** A subtask without records for this long is idle; undefined for never. */
  readonly idleTimeoutMs: number | undefined
  /** See {@link WatermarkStrategy.emitEvery}. */
  readonly emitEveryMs: number | undefined
  /** See {@link WatermarkStrategy.withMaxForwardJump}. */
  readonly forwardJump: ForwardJumpGuard<T> | undefined
  /** See {@link WatermarkStrategy.withWatermarkAlignment}. */
  readonly alignment: WatermarkAlignment | undefined

  constructor(settings: StrategySettings<T>) {
    this.createGenerator = settings.createGenerator
    this.timestampAssigner = settings.timestampAssigner
    this.idleTimeoutMs = settings.idleTimeoutMs
    this.emitEveryMs = settings.emitEveryMs
    this.forwardJump = settings.forwardJump
    this.alignment = settings.alignment
  }

  /** Reads timestamps from the records. A timestamp that is no finite number is a record error. */
  withTimestampAssigner(assigner: TimestampAssigner<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy({ ...this, timestampAssigner: assigner })
  }

  /**
   * Takes a subtask that saw no record for `timeoutMs` of processing time out of the watermark of
   * its readers, until its next record. A source that names its splits does so for each split. How
   * often an idle one came back is counted in `numIdleRecoveries`.
   *
   * @throws INVALID_ARGUMENT if the timeout is not above 0
   */
  withIdleness(timeoutMs: number): WatermarkStrategy<T> {
    requireDuration('the idleness timeout', timeoutMs)
    return new WatermarkStrategy({ ...this, idleTimeoutMs: timeoutMs })
  }

  /**
   * Emits a watermark as soon as it is `advanceMs` or more ahead of the last one, instead of at an
   * interval of the clock. The watermarks are then a function of the input alone, neither of the
   * clock nor of batch sizes, so that results with late records can be reproduced. The input itself
   * has to come in one order: from one source reader.
   *
   * ```ts
   * watermarks.monotonous().emitEvery(100).emitEveryMs // => 100
   * watermarks.monotonous().emitEvery(0) // throws INVALID_ARGUMENT
   * ```
   * @throws INVALID_ARGUMENT if the advance is not above 0
   */
  emitEvery(advanceMs: number): WatermarkStrategy<T> {
    requireDuration('the advance between two watermarks', advanceMs)
    return new WatermarkStrategy({ ...this, emitEveryMs: advanceMs })
  }

  /**
   * Refuses records dated more than `maxJumpMs` ahead: they move no watermark, go to the side
   * output of `tag` and are counted in `numRecordsTooFarAhead`. One record of tomorrow would
   * otherwise make everything of today late.
   *
   * @throws INVALID_ARGUMENT if the jump is not above 0
   */
  withMaxForwardJump(maxJumpMs: number, options: ForwardJumpOptions<T> = {}): WatermarkStrategy<T> {
    requireDuration('the highest jump forward', maxJumpMs)
    const { tag, reference = 'processing-time' } = options
    return new WatermarkStrategy({ ...this, forwardJump: { maxJumpMs, tag, reference } })
  }

  /**
   * Lets the sources of a group wait for each other: a subtask whose watermark is more than
   * `maxDriftMs` ahead of the lowest of the group reads no further until that has caught up, so
   * that what joins the sources need not keep the difference in state. An idle or ended subtask is
   * not waited for. Used by sources; has no effect in the middle of a job.
   *
   * @param updateIntervalMs how often subtasks compare their watermarks
   * @throws INVALID_ARGUMENT if the drift or the interval is not above 0
   */
  withWatermarkAlignment(
    group: string,
    maxDriftMs: number,
    updateIntervalMs = 1_000,
  ): WatermarkStrategy<T> {
    requireDuration('the highest drift', maxDriftMs)
    requireDuration('the update interval of watermark alignment', updateIntervalMs)
    const alignment = { group, maxDriftMs, updateIntervalMs }
    return new WatermarkStrategy({ ...this, alignment })
  }
}

/** The built-in watermark strategies. */
export interface Watermarks {
  /** For timestamps that never go back within a subtask: the watermark is the highest less 1 ms. */
  monotonous<T>(): WatermarkStrategy<T>
  /**
   * For timestamps out of order by at most `boundMs`: the watermark is the highest less the bound
   * less 1 ms.
   */
  boundedOutOfOrderness<T>(boundMs: number): WatermarkStrategy<T>
  /** No watermarks but the last one, for processing time. */
  none<T>(): WatermarkStrategy<T>
  /** With a generator of one's own; `create` is called once per subtask. */
  generator<T>(create: () => WatermarkGenerator<T>): WatermarkStrategy<T>
}

/**
 * Makes watermark strategies.
 *
 * ```ts
 * const strategy = watermarks
 *   .boundedOutOfOrderness<{ atMs: number; n: number }>(seconds(3))
 *   .withTimestampAssigner((order) => order.atMs)
 * const orders = collectionSource([{ atMs: 2_000, n: 1 }, { atMs: 1_000, n: 2 }])
 * await env
 *   .fromSource(orders, strategy)
 *   .keyBy(() => 'all')
 *   .window(tumblingEventTimeWindows(seconds(10)))
 *   .sum('n')
 *   .map(({ n }) => n)
 *   .executeAndCollect() // => [3]
 * ```
 * @see Flink documentation, "Generating Watermarks"; Akidau et al., "The Dataflow Model" (2015)
 */
export const watermarks: Watermarks = {
  monotonous: <T>() => strategyOf<T>(() => new MonotonousTimestampsGenerator<T>()),
  boundedOutOfOrderness: <T>(boundMs: number) => {
    new BoundedOutOfOrdernessGenerator<T>(boundMs) // refuses a wrong bound when the job is built
    return strategyOf<T>(() => new BoundedOutOfOrdernessGenerator<T>(boundMs))
  },
  none: <T>() => strategyOf<T>(undefined),
  generator: strategyOf,
}

function strategyOf<T>(
  createGenerator: (() => WatermarkGenerator<T>) | undefined,
): WatermarkStrategy<T> {
  return new WatermarkStrategy<T>({
    createGenerator,
    timestampAssigner: undefined,
    idleTimeoutMs: undefined,
    emitEveryMs: undefined,
    forwardJump: undefined,
    alignment: undefined,
  })
}

function requireDuration(what: string, durationMs: number): void {
  if (durationMs > 0 && Number.isFinite(durationMs)) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${what} must be a number of milliseconds above 0, but is ${durationMs}`,
  )
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
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

interface StrategySettings<T> {
  readonly createGenerator: (() => WatermarkGenerator<T>) | undefined
  readonly timestampAssigner: TimestampAssigner<T> | undefined
  readonly idleTimeoutMs: number | undefined
  readonly emitEveryMs: number | undefined
}

/**
 * How a stream gets timestamps and watermarks. Immutable: each method returns a new strategy. Made
 * by {@link watermarks}.
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

  constructor(settings: StrategySettings<T>) {
    this.createGenerator = settings.createGenerator
    this.timestampAssigner = settings.timestampAssigner
    this.idleTimeoutMs = settings.idleTimeoutMs
    this.emitEveryMs = settings.emitEveryMs
  }

  /** Reads timestamps from the records. A timestamp that is no finite number is a record error. */
  withTimestampAssigner(assigner: TimestampAssigner<T>): WatermarkStrategy<T> {
    return new WatermarkStrategy({ ...this, timestampAssigner: assigner })
  }

  /**
   * Takes a subtask that saw no record for `timeoutMs` of processing time out of the watermark of
   * its readers, until its next record.
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
   * clock nor of batch sizes, so that results with late records can be reproduced.
   *
   * @throws INVALID_ARGUMENT if the advance is not above 0
   */
  emitEvery(advanceMs: number): WatermarkStrategy<T> {
    requireDuration('the advance between two watermarks', advanceMs)
    return new WatermarkStrategy({ ...this, emitEveryMs: advanceMs })
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
 * @example
 * ```ts
 * const strategy = watermarks
 *   .boundedOutOfOrderness<{ time: number }>(3_000)
 *   .withTimestampAssigner((order) => order.time)
 * ```
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
  })
}

function requireDuration(what: string, durationMs: number): void {
  if (durationMs > 0 && Number.isFinite(durationMs)) return
  throw new EngineError(
    ErrorCode.INVALID_ARGUMENT,
    `${what} must be a number of milliseconds above 0, but is ${durationMs}`,
  )
}

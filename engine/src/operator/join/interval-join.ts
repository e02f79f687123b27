import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { functionSupplier } from '../function/function-supplier.ts'
import type { OperatorFactory, TwoInputOperator } from '../operator.ts'
import {
  type KeySelectors,
  TwoInputRecordOperator,
} from '../two-input/two-input-record-operator.ts'
import { LateRecords } from '../window/late-records.ts'
import { missingTimestamp } from '../window/missing-timestamp.ts'
import { PersistedWatermark } from '../window/persisted-watermark.ts'
import { IntervalBuffer } from './interval-buffer.ts'
import { IntervalJoinContext } from './interval-join-context.ts'
import type { ProcessJoin, ProcessJoinFunction } from './process-join-function.ts'

/** What an interval join is made of. Both bounds are inclusive. */
export interface IntervalJoinOptions<K, L, R, OUT> {
  readonly keys: KeySelectors<K, L, R>
  /** How much later than the left record the right one is, at least; negative is earlier. */
  readonly lowerMs: number
  /** How much later than the left record the right one is, at most. */
  readonly upperMs: number
  readonly fn: ProcessJoin<L, R, OUT>
  /** Receives left records that the watermark has passed. Default: dropped and counted. */
  readonly leftLateTag?: OutputTag<L> | undefined
  readonly rightLateTag?: OutputTag<R> | undefined
  /** Type of left records, which are kept in state; the generic serializer without it. */
  readonly leftType?: TypeInformation<L> | undefined
  readonly rightType?: TypeInformation<R> | undefined
}

/**
 * Calls a function for each pair of a left and a right record of one key whose timestamps differ by
 * no less than the lower and no more than the upper bound.
 *
 * A record that the watermark has reached or passed is late and joins nothing. Flink lets a record
 * at exactly the watermark in, though its partners may be gone; here no pair is lost half-way, and
 * "late" means what it means for windows. The watermark is kept across restores, so that a replay
 * finds the same records late.
 */
export class IntervalJoinOperator<K, L, R, OUT> extends TwoInputRecordOperator<K, L, R, OUT> {
  readonly #options: IntervalJoinOptions<K, L, R, OUT>
  readonly #fn: ProcessJoinFunction<L, R, OUT>
  #left!: IntervalBuffer<L>
  #right!: IntervalBuffer<R>
  #watermark!: PersistedWatermark
  #leftLate!: LateRecords<L>
  #rightLate!: LateRecords<R>
  #pair!: IntervalJoinContext<OUT>

  constructor(options: IntervalJoinOptions<K, L, R, OUT>) {
    super(options.keys, options.fn)
    const { fn } = options
    this.#options = options
    this.#fn = typeof fn === 'function' ? { processElement: fn } : fn
  }

  override initializeState(): void {
    const { context, output } = this
    const { lowerMs, upperMs, leftType, rightType, leftLateTag, rightLateTag } = this.#options
    const stretchMs = upperMs - lowerMs + 1
    this.#watermark = new PersistedWatermark(context)
    this.#left = new IntervalBuffer<L>(context, {
      name: 'millrace-join-left',
      type: leftType,
      stretchMs,
      keepMs: upperMs,
    })
    this.#right = new IntervalBuffer<R>(context, {
      name: 'millrace-join-right',
      type: rightType,
      stretchMs,
      keepMs: -lowerMs,
    })
    this.#leftLate = new LateRecords<L>(context, output, { lateTag: leftLateTag })
    this.#rightLate = new LateRecords<R>(context, output, { lateTag: rightLateTag })
    this.#pair = new IntervalJoinContext(output)
    super.initializeState()
  }

  override processWatermark(timestampMs: number): void {
    if (this.#watermark.advance(timestampMs)) {
      this.#left.expire(timestampMs)
      this.#right.expire(timestampMs)
    }
    super.processWatermark(this.#watermark.currentMs)
  }

  override endKey(): void {
    this.#left.clear()
    this.#right.clear()
    super.endKey()
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.#watermark.store()
  }

  protected override processRecord1(value: L, timestampMs: number): void {
    if (!Number.isFinite(timestampMs)) throw missingTimestamp(this.context, value, timestampMs)
    const watermarkMs = this.#watermark.currentMs
    if (timestampMs <= watermarkMs) {
      this.#leftLate.add(value, timestampMs)
      return
    }
    const key = this.context.keyedState.currentKey
    this.#left.add(key, value, timestampMs, watermarkMs)
    const { lowerMs, upperMs } = this.#options
    const fromMs = timestampMs + lowerMs
    const toMs = timestampMs + upperMs
    const stepMs = upperMs - lowerMs + 1
    const pair = this.#pair
    for (let startMs = this.#right.startOf(fromMs); startMs <= toMs; startMs += stepMs) {
      const records = this.#right.at(startMs, key)
      if (records === undefined) continue
      const { timestamps, values } = records
      for (let i = 0; i < timestamps.length; i++) {
        const otherMs = timestamps[i] as number
        if (otherMs < fromMs || otherMs > toMs) continue
        pair.atPair(timestampMs, otherMs)
        this.#fn.processElement(value, values[i] as R, pair, pair.collector)
      }
    }
  }

  protected override processRecord2(value: R, timestampMs: number): void {
    if (!Number.isFinite(timestampMs)) throw missingTimestamp(this.context, value, timestampMs)
    const watermarkMs = this.#watermark.currentMs
    if (timestampMs <= watermarkMs) {
      this.#rightLate.add(value, timestampMs)
      return
    }
    const key = this.context.keyedState.currentKey
    this.#right.add(key, value, timestampMs, watermarkMs)
    const { lowerMs, upperMs } = this.#options
    const fromMs = timestampMs - upperMs
    const toMs = timestampMs - lowerMs
    const stepMs = upperMs - lowerMs + 1
    const pair = this.#pair
    for (let startMs = this.#left.startOf(fromMs); startMs <= toMs; startMs += stepMs) {
      const records = this.#left.at(startMs, key)
      if (records === undefined) continue
      const { timestamps, values } = records
      for (let i = 0; i < timestamps.length; i++) {
        const otherMs = timestamps[i] as number
        if (otherMs < fromMs || otherMs > toMs) continue
        pair.atPair(otherMs, timestampMs)
        this.#fn.processElement(values[i] as L, value, pair, pair.collector)
      }
    }
  }
}

/**
 * Makes {@link IntervalJoinOperator}s.
 *
 * @throws INVALID_ARGUMENT if a bound is no integer or the lower one is above the upper one
 */
export function intervalJoinOperator<K, L, R, OUT>(
  options: IntervalJoinOptions<K, L, R, OUT>,
): OperatorFactory<TwoInputOperator<L, R>> {
  const { lowerMs, upperMs } = options
  if (!Number.isSafeInteger(lowerMs) || !Number.isSafeInteger(upperMs) || lowerMs > upperMs) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `an interval join from ${lowerMs} to ${upperMs} ms (inclusive) pairs nothing; give whole ` +
        'milliseconds, the lower bound first',
    )
  }
  const make = functionSupplier(options.fn)
  return () => new IntervalJoinOperator({ ...options, fn: make() })
}

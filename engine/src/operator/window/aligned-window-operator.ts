import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { NamespaceView, StateTable } from '../../state/keyed-state-backend.ts'
import type { KeySelector } from '../function/functions.ts'
import { handleRecordError } from '../record-error.ts'
import { KeyedWindowOperator } from './keyed-window-operator.ts'
import { LateRecords } from './late-records.ts'
import { missingTimestamp } from './missing-timestamp.ts'
import { TimeWindow } from './time-window.ts'
import type { AlignedWindows } from './window-assigner.ts'
import { CONTENTS_TABLE } from './window-contents.ts'
import type { WindowPlan } from './window-operator-options.ts'
import { type ScheduledWindow, WindowSchedule } from './window-schedule.ts'
import { windowStartOf } from './window-start.ts'

/** One window with the contents of all its keys. */
interface WindowBucket extends ScheduledWindow {
  readonly view: NamespaceView<unknown>
}

/**
 * Event-time windows of one size that fire when the watermark passes their end: tumbling ones, and
 * sliding ones that keep lists of records (others are made of panes, see `PaneWindowOperator`).
 *
 * There is one bucket per window, not one timer per key and window: a bucket is a namespace of the
 * state table, and firing it is a walk over the namespace. What has fired follows from the
 * watermark alone, so buckets need no state of their own and are found again in the table after a
 * restore.
 *
 * The record loop keeps the buckets of the last record at hand ("the current stretch": the time in
 * which records go to the same buckets). Only where a record leaves it, or windows have fired
 * already, a slower way is taken.
 */
export class AlignedWindowOperator<IN, OUT, K> extends KeyedWindowOperator<IN, OUT, K, TimeWindow> {
  readonly #aligned: AlignedWindows
  readonly #keySelector: KeySelector<IN, K>
  readonly #fold: (value: unknown, input: IN) => unknown
  #table!: StateTable<unknown>
  #late!: LateRecords<IN>
  readonly #buckets = new Map<number, WindowBucket>()
  readonly #schedule = new WindowSchedule<WindowBucket>()
  /** The current stretch; empty if no records were seen since the last window fired. */
  #stretchStartMs = 0
  #stretchEndMs = 0
  #stretchViews: readonly NamespaceView<unknown>[] = []

  constructor(plan: WindowPlan<IN, OUT, K, TimeWindow>, aligned: AlignedWindows) {
    super(plan)
    this.#aligned = aligned
    this.#keySelector = plan.keySelector
    this.#fold = plan.contents.fold
  }

  override initializeState(): void {
    super.initializeState()
    const { context, output } = this
    const { contents, assigner } = this.plan
    this.#late = new LateRecords(context, output, this.plan)
    this.#table = context.keyedState.table(CONTENTS_TABLE, contents.type)
    const restored = [...this.#table.namespaces()].map((one) => assigner.codec.windowOf(one))
    for (const window of restored) this.#bucket(window.startMs)
  }

  override processBatch(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    const keySelector = this.#keySelector
    const fold = this.#fold
    let i = 0
    while (i < length) {
      try {
        let startMs = this.#stretchStartMs
        let endMs = this.#stretchEndMs
        let views = this.#stretchViews
        let view = views[0] as NamespaceView<unknown>
        for (; i < length; i++) {
          const value = values[i] as IN
          const timestampMs = timestamps[i] as number
          if (!(timestampMs >= startMs && timestampMs < endMs)) {
            if (!this.#enterStretch(timestampMs)) {
              this.processRecord(value, timestampMs)
              continue
            }
            startMs = this.#stretchStartMs
            endMs = this.#stretchEndMs
            views = this.#stretchViews
            view = views[0] as NamespaceView<unknown>
          }
          const key = keySelector(value)
          view.fold(key, value, fold)
          for (let v = 1; v < views.length; v++) {
            ;(views[v] as NamespaceView<unknown>).fold(key, value, fold)
          }
        }
      } catch (error) {
        this.guard.throwIfFailed()
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
    this.guard.throwIfFailed()
  }

  /** The slower way: for records some of whose windows have fired, and those between windows. */
  protected override processRecord(value: IN, timestampMs: number): void {
    if (!Number.isFinite(timestampMs)) throw missingTimestamp(this.context, value, timestampMs)
    const { sizeMs, slideMs, offsetMs } = this.#aligned
    const { allowedLatenessMs } = this.plan
    const watermarkMs = this.watermark.currentMs
    const newestMs = windowStartOf(timestampMs, offsetMs, slideMs)
    let key: K | undefined
    let isTaken = false
    for (let startMs = newestMs; startMs > timestampMs - sizeMs; startMs -= slideMs) {
      if (startMs + sizeMs - 1 + allowedLatenessMs <= watermarkMs) break // so are all before it
      if (!isTaken) key = this.#keySelector(value)
      isTaken = true
      const bucket = this.#bucket(startMs)
      bucket.view.fold(key, value, this.#fold)
      if (bucket.window.maxTimestampMs > watermarkMs) continue
      const contents = bucket.view.get(key)
      this.emitter.emit(key, bucket.window, contents, watermarkMs, true)
    }
    if (!isTaken && timestampMs + allowedLatenessMs <= watermarkMs) {
      this.#late.add(value, timestampMs)
    }
  }

  override processWatermark(timestampMs: number): void {
    if (this.watermark.advance(timestampMs)) this.#fire(this.watermark.currentMs)
    this.output.emitWatermark(this.watermark.currentMs)
  }

  endKey(): void {
    this.watermark.advance(MAX_WATERMARK_MS)
    this.#fire(Number.POSITIVE_INFINITY)
    this.context.keyedState.endKey()
    this.watermark.beginAnew()
  }

  /**
   * Makes the stretch around a timestamp the current one.
   * @returns false if its records need the slower way
   */
  #enterStretch(timestampMs: number): boolean {
    if (!Number.isFinite(timestampMs)) return false
    const { sizeMs, slideMs, offsetMs } = this.#aligned
    const newestMs = windowStartOf(timestampMs, offsetMs, slideMs)
    // The oldest window that holds the timestamp; above the newest if none does.
    const oldestMs =
      newestMs - Math.ceil((sizeMs - (timestampMs - newestMs)) / slideMs - 1) * slideMs
    if (oldestMs > newestMs || oldestMs + sizeMs - 1 <= this.watermark.currentMs) return false
    const views: NamespaceView<unknown>[] = []
    for (let startMs = newestMs; startMs >= oldestMs; startMs -= slideMs) {
      views.push(this.#bucket(startMs).view)
    }
    // Up to where the next window starts or the oldest ends; from where the one before it ended.
    this.#stretchStartMs = Math.max(newestMs, oldestMs - slideMs + sizeMs)
    this.#stretchEndMs = Math.min(newestMs + slideMs, oldestMs + sizeMs)
    this.#stretchViews = views
    return true
  }

  #leaveStretch(): void {
    this.#stretchStartMs = 0
    this.#stretchEndMs = 0
    this.#stretchViews = []
  }

  #bucket(startMs: number): WindowBucket {
    const known = this.#buckets.get(startMs)
    if (known !== undefined) return known
    const window = new TimeWindow(startMs, startMs + this.#aligned.sizeMs)
    const bucket = {
      window,
      view: this.#table.namespace(this.plan.assigner.codec.namespaceOf(window)),
      cleanupMs: window.maxTimestampMs + this.plan.allowedLatenessMs,
    }
    this.#buckets.set(startMs, bucket)
    this.#schedule.add(bucket, this.watermark.currentMs)
    return bucket
  }

  #fire(untilMs: number): void {
    this.#leaveStretch()
    this.#schedule.advance(
      untilMs,
      (bucket) => this.#fireBucket(bucket),
      (bucket) => this.#giveUp(bucket),
    )
  }

  #fireBucket({ window, view, cleanupMs }: WindowBucket): void {
    const emitter = this.emitter
    const watermarkMs = this.watermark.currentMs
    const stays = cleanupMs > watermarkMs
    this.callUser(`the firing of window ${window}`, () => {
      view.forEach((key, contents) => {
        emitter.emit(key, window, contents, watermarkMs, stays)
      })
    })
  }

  #giveUp({ window, view }: WindowBucket): void {
    const emitter = this.emitter
    const watermarkMs = this.watermark.currentMs
    if (emitter.hasClear) {
      this.callUser(`clear of window ${window}`, () => {
        view.forEach((key) => {
          emitter.clear(key, window, watermarkMs)
        })
      })
    }
    this.#buckets.delete(window.startMs)
    this.#table.removeNamespace(this.plan.assigner.codec.namespaceOf(window))
  }
}

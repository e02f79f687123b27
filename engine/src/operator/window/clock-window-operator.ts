import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { NamespaceView, StateTable } from '../../state/keyed-state-backend.ts'
import type { Namespace } from '../../state/namespace.ts'
import type { KeySelector } from '../function/functions.ts'
import { alignedWindowsOf } from './assigners/aligned-windows-of.ts'
import { KeyedWindowOperator } from './keyed-window-operator.ts'
import type { TimeWindow } from './time-window.ts'
import type { AlignedWindows } from './window-assigner.ts'
import { CONTENTS_TABLE, WINDOW_TIMERS } from './window-contents.ts'
import type { WindowPlan } from './window-operator-options.ts'

/** One window with the contents of all its keys. */
interface WindowBucket {
  readonly window: TimeWindow
  readonly view: NamespaceView<unknown>
}

/**
 * Tumbling and sliding windows that fire when the clock passes their end.
 *
 * There is one bucket and one alarm per window, not one timer per key and window, which would cost
 * more than all else that is done with a record: a bucket is a namespace of the state table, and
 * firing it is a walk over the namespace. Alarms are no state: buckets are found again in the table
 * after a restore, and those whose end has passed fire at once.
 *
 * The clock is read once per batch: no window can fire within one.
 */
export class ClockWindowOperator<IN, OUT, K> extends KeyedWindowOperator<IN, OUT, K, TimeWindow> {
  readonly #aligned: AlignedWindows
  readonly #keySelector: KeySelector<IN, K>
  readonly #fold: (value: unknown, input: IN) => unknown
  #table!: StateTable<unknown>
  readonly #buckets = new Map<Namespace, WindowBucket>()
  /** Where the records of the batch at hand go. */
  #views: readonly NamespaceView<unknown>[] = []

  constructor(plan: WindowPlan<IN, OUT, K, TimeWindow>, aligned: AlignedWindows) {
    super(plan)
    this.#aligned = aligned
    this.#keySelector = plan.keySelector
    this.#fold = plan.contents.fold
  }

  override initializeState(): void {
    super.initializeState()
    const { keyedState } = this.context
    const { contents, assigner } = this.plan
    this.#table = keyedState.table(CONTENTS_TABLE, contents.type)
    // The general operator has timers in its snapshots: they go off, and nobody needs them.
    const nobody = { onEventTimer: () => {}, onProcessingTimer: () => {} }
    keyedState.timerService(WINDOW_TIMERS, nobody)
    const restored = [...this.#table.namespaces()]
    for (const namespace of restored) this.#bucket(assigner.codec.windowOf(namespace))
  }

  override processBatch(batch: RecordBatch<IN>): void {
    const nowMs = this.context.processingTime.nowMs()
    this.#views = alignedWindowsOf(nowMs, this.#aligned).map((window) => this.#bucket(window).view)
    super.processBatch(batch)
  }

  protected override processRecord(value: IN): void {
    const key = this.#keySelector(value)
    const views = this.#views
    for (let v = 0; v < views.length; v++) {
      ;(views[v] as NamespaceView<unknown>).fold(key, value, this.#fold)
    }
  }

  override processWatermark(timestampMs: number): void {
    this.watermark.advance(timestampMs)
    this.context.keyedState.advanceWatermark(this.watermark.currentMs)
    this.output.emitWatermark(this.watermark.currentMs)
  }

  endKey(): void {
    this.watermark.advance(MAX_WATERMARK_MS)
    const buckets = [...this.#buckets.values()]
    buckets.sort((left, right) => left.window.endMs - right.window.endMs)
    for (const bucket of buckets) this.#fire(bucket)
    this.context.keyedState.endKey()
    this.watermark.beginAnew()
  }

  #bucket(window: TimeWindow): WindowBucket {
    const namespace = this.plan.assigner.codec.namespaceOf(window)
    const known = this.#buckets.get(namespace)
    if (known !== undefined) return known
    const { keyedState } = this.context
    const bucket = { window, view: this.#table.namespace(namespace) }
    this.#buckets.set(namespace, bucket)
    // Not at the last timestamp: the window still takes the records of that millisecond.
    keyedState.processingTime.schedule(window.endMs, () => this.#fire(bucket))
    return bucket
  }

  #fire({ window, view }: WindowBucket): void {
    const emitter = this.emitter
    const watermarkMs = this.watermark.currentMs
    this.callUser(`the firing of window ${window}`, () => {
      view.forEach((key, contents) => {
        emitter.emit(key, window, contents, watermarkMs, false)
      })
      if (!emitter.hasClear) return
      view.forEach((key) => {
        emitter.clear(key, window, watermarkMs)
      })
    })
    const namespace = this.plan.assigner.codec.namespaceOf(window)
    this.#buckets.delete(namespace)
    this.#table.removeNamespace(namespace)
  }
}

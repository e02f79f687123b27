import type { RecordBatch } from '../../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { NamespaceView, StateTable } from '../../state/keyed-state-backend.ts'
import type { KeyIdentity } from '../../types/key-identity.ts'
import type { KeySelector } from '../function/functions.ts'
import { handleRecordError } from '../record-error.ts'
import { KeyedWindowOperator } from './keyed-window-operator.ts'
import { LateRecords } from './late-records.ts'
import { missingTimestamp } from './missing-timestamp.ts'
import { chooseMerge } from './panes/choose-merge.ts'
import type { FiringMerge } from './panes/firing-merge.ts'
import type { Pane, PaneLayout, WindowedPane } from './panes/pane-layout.ts'
import { type MergedContents, PaneMerger } from './panes/pane-merger.ts'
import type { TimeWindow } from './time-window.ts'
import type { WindowPlan } from './window-operator-options.ts'
import { type ScheduledWindow, WindowSchedule } from './window-schedule.ts'

/** Not the table of the other window operators: what is in it is no window. */
const PANES_TABLE = 'millrace-window-panes'

/** The contents of one pane, of all keys. */
interface PaneSlot {
  readonly startMs: number
  readonly view: NamespaceView<unknown>
}

/**
 * Event-time windows made of panes, which fire when the watermark passes their end. A record is
 * folded into the one pane that holds it; a window that fires merges its panes. A sliding window of
 * an hour that slides by the minute so costs a fold per record instead of sixty, and state of one
 * accumulator per key and pane.
 *
 * There are no timers: which windows there are follows from the panes, and what has fired from the
 * watermark. Windows share merges with those that fired before: see {@link FiringMerge}.
 */
export class PaneWindowOperator<IN, OUT, K> extends KeyedWindowOperator<IN, OUT, K, TimeWindow> {
  readonly #layout: PaneLayout
  readonly #keySelector: KeySelector<IN, K>
  readonly #fold: (value: unknown, input: IN) => unknown
  readonly #merger: PaneMerger
  #table!: StateTable<unknown>
  #late!: LateRecords<IN>
  readonly #merge: FiringMerge
  readonly #panes = new Map<number, PaneSlot>()
  /** The panes by the ends of their last windows, with which they are given up. */
  readonly #lastOf = new Map<number, PaneSlot[]>()
  /** No pane that has made a window known starts later. */
  #newestPaneMs = Number.NEGATIVE_INFINITY
  /** The windows in the schedule, by their ends. */
  readonly #known = new Set<number>()
  readonly #schedule = new WindowSchedule<ScheduledWindow>()
  /** The pane of the last record; empty if no record was seen since the last window fired. */
  #paneStartMs = 0
  #paneEndMs = 0
  #paneView: NamespaceView<unknown> | undefined

  constructor(plan: WindowPlan<IN, OUT, K, TimeWindow>, layout: PaneLayout) {
    super(plan)
    this.#layout = layout
    this.#keySelector = plan.keySelector
    this.#fold = plan.contents.fold
    this.#merger = new PaneMerger(plan.contents)
    const viewOf = (startMs: number) => this.#panes.get(startMs)?.view
    this.#merge = chooseMerge({ layout, merger: this.#merger, viewOf })
  }

  override initializeState(): void {
    super.initializeState()
    const { context, output } = this
    this.#late = new LateRecords(context, output, this.plan)
    this.#table = context.keyedState.table(PANES_TABLE, this.plan.contents.type)
    const starts = [...this.#table.namespaces()].map(Number).sort((left, right) => left - right)
    for (const startMs of starts) this.#addPane(this.#layout.paneOf(startMs))
  }

  override processBatch(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    const keySelector = this.#keySelector
    const fold = this.#fold
    let i = 0
    while (i < length) {
      try {
        let startMs = this.#paneStartMs
        let endMs = this.#paneEndMs
        let view = this.#paneView as NamespaceView<unknown>
        for (; i < length; i++) {
          const value = values[i] as IN
          const timestampMs = timestamps[i] as number
          if (!(timestampMs >= startMs && timestampMs < endMs)) {
            if (!this.#enterPane(timestampMs)) {
              this.processRecord(value, timestampMs)
              continue
            }
            startMs = this.#paneStartMs
            endMs = this.#paneEndMs
            view = this.#paneView as NamespaceView<unknown>
          }
          view.fold(keySelector(value), value, fold)
        }
      } catch (error) {
        this.guard.throwIfFailed()
        handleRecordError(this.context, error, values[i], timestamps[i] as number, i)
        i++
      }
    }
    this.guard.throwIfFailed()
  }

  /** The slower way: for records some of whose windows have fired. */
  protected override processRecord(value: IN, timestampMs: number): void {
    if (!Number.isFinite(timestampMs)) throw missingTimestamp(this.context, value, timestampMs)
    const layout = this.#layout
    const watermarkMs = this.watermark.currentMs
    const pane = layout.paneOf(timestampMs)
    const windows = [...layout.windowsOf(pane)].filter((window) => !this.#isOver(window))
    if (windows.length === 0) {
      if (timestampMs + this.plan.allowedLatenessMs <= watermarkMs) {
        this.#late.add(value, timestampMs)
      }
      return
    }
    const key = this.#keySelector(value)
    this.#slotOf(pane).view.fold(key, value, this.#fold)
    this.#merge.changed(key, pane)
    for (const window of windows) {
      if (window.maxTimestampMs > watermarkMs) continue
      this.emitter.emit(key, window, this.#contentsOf(key, window), watermarkMs, true)
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
   * Makes the pane of a timestamp the current one.
   * @returns false if its records need the slower way
   */
  #enterPane(timestampMs: number): boolean {
    if (!Number.isFinite(timestampMs)) return false
    const pane = this.#layout.paneOf(timestampMs)
    if (pane.firstEndMs - 1 <= this.watermark.currentMs) return false
    this.#paneStartMs = pane.startMs
    this.#paneEndMs = pane.endMs
    this.#paneView = this.#slotOf(pane).view
    return true
  }

  #slotOf(pane: WindowedPane): PaneSlot {
    return this.#panes.get(pane.startMs) ?? this.#addPane(pane)
  }

  #addPane(pane: WindowedPane): PaneSlot {
    const { startMs, lastEndMs } = pane
    const slot = { startMs, view: this.#table.namespace(startMs) }
    this.#panes.set(startMs, slot)
    const together = this.#lastOf.get(lastEndMs)
    if (together === undefined) this.#lastOf.set(lastEndMs, [slot])
    else together.push(slot)
    this.#awaitWindowsOf(pane)
    return slot
  }

  /** Lets the windows of a new pane fire, or be given up, when their time comes. */
  #awaitWindowsOf(pane: Pane): void {
    const isNewest = pane.startMs > this.#newestPaneMs
    if (isNewest) this.#newestPaneMs = pane.startMs
    for (const window of this.#layout.windowsOf(pane)) {
      if (this.#isOver(window)) continue
      // An earlier pane has made this window known, and with it all that follow.
      if (isNewest && this.#known.has(window.endMs)) return
      this.#await(window)
    }
  }

  #await(window: TimeWindow): void {
    if (this.#known.has(window.endMs)) return
    this.#known.add(window.endMs)
    const scheduled = { window, cleanupMs: this.#cleanupMs(window) }
    this.#schedule.add(scheduled, this.watermark.currentMs)
  }

  #fire(untilMs: number): void {
    this.#paneStartMs = 0
    this.#paneEndMs = 0
    this.#paneView = undefined
    this.#schedule.advance(
      untilMs,
      ({ window }) => this.#fireWindow(window),
      ({ window }) => this.#giveUp(window),
    )
  }

  #fireWindow(window: TimeWindow): void {
    const emitter = this.emitter
    const watermarkMs = this.watermark.currentMs
    this.callUser(`the firing of window ${window}`, () => {
      if (this.#layout.isSingle) {
        const stays = this.#cleanupMs(window) > watermarkMs
        this.#panes.get(window.startMs)?.view.forEach((key, contents) => {
          emitter.emit(key, window, contents, watermarkMs, stays)
        })
        return
      }
      this.#merge.forEach(window, (key, value) => {
        emitter.emit(key, window, value, watermarkMs, true)
      })
    })
  }

  /** The contents of one key in a window that has fired. */
  #contentsOf(key: K, window: TimeWindow): unknown {
    if (this.#layout.isSingle) return this.#panes.get(window.startMs)?.view.get(key)
    let merged: unknown
    for (const paneMs of this.#layout.paneStartsOf(window)) {
      const contents = this.#panes.get(paneMs)?.view.get(key)
      if (contents !== undefined) merged = this.#merger.add(merged, contents)
    }
    return merged
  }

  #giveUp(window: TimeWindow): void {
    const emitter = this.emitter
    const watermarkMs = this.watermark.currentMs
    if (emitter.hasClear) {
      const keys = new Map<KeyIdentity, MergedContents>()
      for (const paneMs of this.#layout.paneStartsOf(window)) {
        this.#panes.get(paneMs)?.view.forEach((key) => {
          this.#merger.addTo(keys, key, null)
        })
      }
      this.callUser(`clear of window ${window}`, () => {
        for (const { key } of keys.values()) emitter.clear(key, window, watermarkMs)
      })
    }
    this.#known.delete(window.endMs)
    for (const { startMs } of this.#lastOf.get(window.endMs) ?? []) {
      this.#panes.delete(startMs)
      this.#table.removeNamespace(startMs)
    }
    this.#lastOf.delete(window.endMs)
    if (this.#known.size > 0) return
    this.#newestPaneMs = Number.NEGATIVE_INFINITY
    this.#merge.reset()
  }

  #isOver(window: TimeWindow): boolean {
    return this.#cleanupMs(window) <= this.watermark.currentMs
  }

  #cleanupMs(window: TimeWindow): number {
    return window.maxTimestampMs + this.plan.allowedLatenessMs
  }
}

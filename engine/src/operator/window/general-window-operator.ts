import type { Counter } from '../../core/metrics.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { StateTable } from '../../state/keyed-state-backend.ts'
import type { Namespace } from '../../state/namespace.ts'
import type { InternalTimerService, TimerTarget } from '../../state/timer-service.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { Output } from '../output.ts'
import { functionError } from '../record-error.ts'
import type { Kept } from './evictor.ts'
import { KeyedWindowOperator } from './keyed-window-operator.ts'
import { LateRecords } from './late-records.ts'
import { MergeTrace } from './merge-trace.ts'
import type { MergingWindowSet } from './merging-window-set.ts'
import { missingTimestamp } from './missing-timestamp.ts'
import { RetractingEmitter } from './retracting-emitter.ts'
import type { TriggerResult } from './trigger.ts'
import type { Window } from './window.ts'
import type { WindowAssignerContext } from './window-assigner.ts'
import { CONTENTS_TABLE, WINDOW_TIMERS } from './window-contents.ts'
import type { WindowPlan } from './window-operator-options.ts'
import { WindowTriggerContext } from './window-trigger-context.ts'

/**
 * Windows of any assigner and trigger: timers per key and window, windows that merge, the clock.
 *
 * Every window is given up by a cleanup timer at its last timestamp plus the allowed lateness. The
 * contents of a window that merges lie in the namespace that its {@link MergingWindowSet} names;
 * timers and trigger state are always in the window's own.
 */
export class GeneralWindowOperator<IN, OUT, K, W extends Window>
  extends KeyedWindowOperator<IN, OUT, K, W>
  implements TimerTarget
{
  readonly #isEventTime: boolean
  #table!: StateTable<unknown>
  #timers!: InternalTimerService
  #trigger!: WindowTriggerContext<W>
  #retracting: RetractingEmitter<OUT, K, W> | undefined
  #late!: LateRecords<IN>
  #merging: MergingWindowSet<W> | undefined
  #assignerContext!: WindowAssignerContext
  #merges!: Counter
  #trace: MergeTrace | undefined
  /** The timestamp of the record under way. */
  #timestampMs = Number.NaN

  constructor(plan: WindowPlan<IN, OUT, K, W>) {
    super(plan)
    this.#isEventTime = plan.assigner.isEventTime
  }

  override initializeState(): void {
    super.initializeState()
    const { context, output } = this
    const { contents, process, assigner, mergeTag, mergingWindowSet } = this.plan
    const backend = context.keyedState
    if (this.plan.emitsChanges) {
      const changes = output as Output<never>
      const resultType = this.plan.resultType as TypeInformation<OUT> | undefined
      const emission = { contents, process, assigner, context, output: changes, resultType }
      this.#retracting = new RetractingEmitter(emission)
    }
    this.#merges = context.metrics.counter('numWindowMerges')
    this.#trace = mergeTag === undefined ? undefined : new MergeTrace(output, mergeTag)
    this.#late = new LateRecords(context, output, this.plan)
    this.#table = backend.table(CONTENTS_TABLE, contents.type)
    this.#timers = backend.timerService(WINDOW_TIMERS, this)
    this.#trigger = new WindowTriggerContext(backend, this.#timers, this.#isEventTime)
    if (assigner.mergeWindows !== undefined) this.#merging = mergingWindowSet(backend, assigner)
    const timers = this.#timers
    this.#assignerContext = { currentProcessingTimeMs: () => timers.currentProcessingTimeMs() }
  }

  protected override processRecord(value: IN, timestampMs: number): void {
    if (this.#isEventTime && !Number.isFinite(timestampMs)) {
      throw missingTimestamp(this.context, value, timestampMs)
    }
    const { assigner, keySelector, allowedLatenessMs } = this.plan
    this.context.keyedState.setCurrentKey(keySelector(value))
    this.#timestampMs = timestampMs
    let isTaken = false
    for (const window of assigner.assignWindows(value, timestampMs, this.#assignerContext)) {
      if (this.#add(value, timestampMs, window)) isTaken = true
    }
    if (isTaken || !this.#isEventTime) return
    if (timestampMs + allowedLatenessMs <= this.watermark.currentMs) {
      this.#late.add(value, timestampMs)
    }
  }

  override processWatermark(timestampMs: number): void {
    this.watermark.advance(timestampMs)
    this.context.keyedState.advanceWatermark(this.watermark.currentMs)
    this.output.emitWatermark(this.watermark.currentMs)
  }

  endKey(): void {
    this.watermark.advance(MAX_WATERMARK_MS)
    this.context.keyedState.endKey()
    this.watermark.beginAnew()
  }

  onEventTimer(timestampMs: number, namespace: Namespace): void {
    this.#onTimer('event-time', timestampMs, namespace, () =>
      this.plan.trigger.onEventTime(timestampMs, this.#trigger),
    )
  }

  onProcessingTimer(timestampMs: number, namespace: Namespace): void {
    this.#onTimer('processing-time', timestampMs, namespace, () =>
      this.plan.trigger.onProcessingTime(timestampMs, this.#trigger),
    )
  }

  /** Adds a record to a window it was assigned to. Returns false if the window is over. */
  #add(value: IN, timestampMs: number, assigned: W): boolean {
    const merging = this.#merging
    const window = merging === undefined ? assigned : this.#merge(merging, assigned)
    if (this.#isOver(window)) {
      merging?.retireWindow(window)
      return false
    }
    const namespace = this.plan.assigner.codec.namespaceOf(window)
    const stateNamespace = merging?.stateNamespaceOf(window) ?? namespace
    const key = this.context.keyedState.currentKey
    const { contents, evicting } = this.plan
    const input = evicting === undefined ? value : { value, timestampMs }
    this.#table.namespace(stateNamespace).fold(key, input as IN, contents.fold)
    this.#enter(window, namespace)
    const result = this.plan.trigger.onElement(value, timestampMs, this.#trigger)
    this.#apply(result, window, stateNamespace)
    this.#registerCleanup(window, namespace)
    return true
  }

  #merge(merging: MergingWindowSet<W>, added: W): W {
    const { assigner, contents, trigger } = this.plan
    const { codec } = assigner
    return merging.addWindow(added, (result, merged, stateNamespace, mergedStateNamespaces) => {
      const namespaces = merged.map((window) => codec.namespaceOf(window))
      if (merged.length > 1) this.#merges.add(1)
      this.#trace?.emit(
        this.context.keyedState.currentKey,
        [...merged, added].map(String),
        String(result),
        this.#timestampMs,
      )
      this.#enter(result, codec.namespaceOf(result))
      this.#trigger.mergedNamespaces = namespaces
      this.#trigger.mergedWindows = merged
      trigger.onMerge?.(this.#trigger)
      this.#trigger.mergedNamespaces = []
      this.#trigger.mergedWindows = []
      for (const [index, window] of merged.entries()) {
        const namespace = namespaces[index] as Namespace
        this.#enter(window, namespace)
        trigger.clear(this.#trigger)
        this.#deleteCleanup(window, namespace)
      }
      const key = this.context.keyedState.currentKey
      for (const namespace of mergedStateNamespaces) {
        const other = this.#table.get(namespace)
        if (other === undefined) continue
        // Removed first, so that a snapshot has taken what the merge may change in place.
        this.#table.remove(namespace)
        this.#table.namespace(stateNamespace).fold(key, other, contents.merge)
      }
      for (const namespace of mergedStateNamespaces) {
        this.#retracting?.merge(namespace, stateNamespace)
      }
    })
  }

  #onTimer(
    domain: string,
    timestampMs: number,
    namespace: Namespace,
    ask: () => TriggerResult,
  ): void {
    try {
      const window = this.plan.assigner.codec.windowOf(namespace)
      const merging = this.#merging
      const stateNamespace = merging === undefined ? namespace : merging.stateNamespaceOf(window)
      // A trigger may leave timers behind of windows that are merged into another.
      if (stateNamespace === undefined) return
      this.#enter(window, namespace)
      this.#apply(ask(), window, stateNamespace)
      const isOfDomain = this.#isEventTime === (domain === 'event-time')
      if (isOfDomain && timestampMs === this.#cleanupMs(window)) {
        this.#giveUp(window, namespace, stateNamespace)
      }
    } catch (error) {
      this.guard.throwIfFailed()
      const key = String(this.context.keyedState.currentKey)
      throw functionError(this.context, `the ${domain} timer ${timestampMs} of key ${key}`, error)
    }
    this.guard.throwIfFailed()
  }

  #apply(result: TriggerResult, window: W, stateNamespace: Namespace): void {
    if (result === 'continue') return
    const purges = result === 'purge' || result === 'fire-and-purge'
    if (result === 'fire' || result === 'fire-and-purge') {
      const contents = this.#table.get(stateNamespace)
      if (contents !== undefined) this.#fire(contents, window, stateNamespace, !purges)
    }
    if (purges) this.#table.remove(stateNamespace)
  }

  #fire(contents: unknown, window: W, stateNamespace: Namespace, stays: boolean): void {
    const { evicting } = this.plan
    if (evicting === undefined) {
      this.#emit(contents, window, stateNamespace, stays)
      return
    }
    const kept: Kept<IN> = evicting.before(contents, this.#trigger)
    if (kept.length > 0) this.#emit(kept, window, stateNamespace, stays)
    const left = evicting.after(kept, this.#trigger)
    if (left.length === 0) this.#table.remove(stateNamespace)
    else this.#table.put(stateNamespace, left)
  }

  #emit(contents: unknown, window: W, stateNamespace: Namespace, stays: boolean): void {
    const key = this.context.keyedState.currentKey
    const watermarkMs = this.watermark.currentMs
    if (this.#retracting === undefined) {
      this.emitter.emit(key, window, contents, watermarkMs, stays)
    } else {
      this.#retracting.emit(key, window, contents, watermarkMs, stays, stateNamespace)
    }
  }

  #giveUp(window: W, namespace: Namespace, stateNamespace: Namespace): void {
    const key = this.context.keyedState.currentKey
    this.#table.remove(stateNamespace)
    this.#enter(window, namespace)
    this.plan.trigger.clear(this.#trigger)
    if (this.#retracting === undefined) {
      this.emitter.clear(key, window, this.watermark.currentMs)
    } else {
      this.#retracting.clear(key, window, this.watermark.currentMs, stateNamespace)
    }
    this.#merging?.retireWindow(window)
  }

  #enter(window: W, namespace: Namespace): void {
    this.#trigger.window = window
    this.#trigger.namespace = namespace
    this.#trigger.currentWatermarkMs = this.watermark.currentMs
  }

  /** True if the watermark has passed the window and its allowed lateness. */
  #isOver(window: W): boolean {
    return this.#isEventTime && this.#cleanupMs(window) <= this.watermark.currentMs
  }

  #cleanupMs(window: W): number {
    if (!this.#isEventTime) return window.maxTimestampMs
    // Never above the last watermark, which closes everything.
    return Math.min(window.maxTimestampMs + this.plan.allowedLatenessMs, MAX_WATERMARK_MS)
  }

  #registerCleanup(window: W, namespace: Namespace): void {
    const cleanupMs = this.#cleanupMs(window)
    if (this.#isEventTime) this.#timers.registerEventTimeTimer(namespace, cleanupMs)
    else if (cleanupMs < MAX_WATERMARK_MS) {
      this.#timers.registerProcessingTimeTimer(namespace, cleanupMs)
    }
  }

  #deleteCleanup(window: W, namespace: Namespace): void {
    const cleanupMs = this.#cleanupMs(window)
    if (this.#isEventTime) this.#timers.deleteEventTimeTimer(namespace, cleanupMs)
    else this.#timers.deleteProcessingTimeTimer(namespace, cleanupMs)
  }
}

import { RecordOperator } from '../record-operator.ts'
import { PersistedWatermark } from './persisted-watermark.ts'
import type { Window } from './window.ts'
import { WindowEmitter } from './window-emitter.ts'
import type { WindowPlan } from './window-operator-options.ts'

/**
 * What all operators of keyed windows have: the plan, what emits results, and a watermark that
 * outlives a restore. How windows are kept and when they fire is up to the subclass.
 */
export abstract class KeyedWindowOperator<IN, OUT, K, W extends Window> extends RecordOperator<
  IN,
  OUT
> {
  protected readonly plan: WindowPlan<IN, OUT, K, W>
  protected emitter!: WindowEmitter<OUT, K, W>
  protected watermark!: PersistedWatermark

  constructor(plan: WindowPlan<IN, OUT, K, W>) {
    super(...plan.functions)
    this.plan = plan
  }

  override initializeState(): void {
    super.initializeState()
    const { context, output } = this
    const { contents, process, assigner } = this.plan
    this.watermark = new PersistedWatermark(context)
    this.emitter = new WindowEmitter({ contents, process, assigner, context, output })
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    this.watermark.store()
  }
}

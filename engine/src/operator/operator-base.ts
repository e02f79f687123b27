import { FunctionLifecycle } from './function/function-lifecycle.ts'
import type { Operator } from './operator.ts'
import type { OperatorContext } from './operator-context.ts'
import type { Output } from './output.ts'

/**
 * What most operators share: context and output, the life cycle of their user functions, and
 * watermarks and statuses that pass through. A subclass that overrides a life-cycle method calls
 * `super`'s.
 */
export abstract class OperatorBase<OUT> implements Operator {
  protected context!: OperatorContext
  protected output!: Output<OUT>
  readonly #functions: FunctionLifecycle

  /** @param functions user functions; objects among them are opened and closed with the operator */
  constructor(...functions: readonly unknown[]) {
    this.#functions = new FunctionLifecycle(functions)
  }

  setup(context: OperatorContext): void {
    this.context = context
    this.output = context.output
    this.#functions.setup(context)
  }

  initializeState(): void {
    this.#functions.initializeState()
  }

  open(): void {
    this.#functions.open()
  }

  processWatermark(timestampMs: number): void {
    this.output.emitWatermark(timestampMs)
  }

  processWatermarkStatus(idle: boolean): void {
    this.output.emitWatermarkStatus(idle)
  }

  snapshotState(checkpointId: number): void {
    this.#functions.snapshotState(checkpointId)
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#functions.notifyCheckpointComplete(checkpointId)
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.#functions.notifyCheckpointAborted(checkpointId)
  }

  finish(): void {
    this.#functions.finish()
  }

  close(): void {
    this.#functions.close()
  }
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OutputTag } from '../../core/output-tag.ts'
import type { KeyedStateStore } from '../../state/keyed-state.ts'
import type { OperatorContext } from '../operator-context.ts'
import type { Output } from '../output.ts'
import type { Window } from './window.ts'
import type { WindowAssigner } from './window-assigner.ts'
import type { ProcessWindowContext } from './window-function.ts'

/** The context of process window functions; the operator sets window and watermark before calls. */
export class WindowProcessContext<W extends Window> implements ProcessWindowContext<W> {
  window!: W
  currentWatermarkMs: number = Number.NaN
  readonly #assigner: WindowAssigner<never, W>
  readonly #context: OperatorContext
  readonly #output: Output<unknown>

  constructor(
    assigner: WindowAssigner<never, W>,
    context: OperatorContext,
    output: Output<unknown>,
  ) {
    this.#assigner = assigner
    this.#context = context
    this.#output = output
  }

  currentProcessingTimeMs(): number {
    return this.#context.processingTime.nowMs()
  }

  get windowState(): KeyedStateStore {
    const { codec, mergeWindows } = this.#assigner
    if (mergeWindows !== undefined) {
      throw new EngineError(
        ErrorCode.INVALID_PROGRAM,
        'windowState is not there for windows that merge, since nobody could merge it; keep the ' +
          'state in the accumulator of an aggregate, or in globalState',
      )
    }
    return this.#context.keyedState.namespaced(codec.namespaceOf(this.window))
  }

  get globalState(): KeyedStateStore {
    return this.#context.keyedState
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#output.sideOutput(tag, value, this.window.maxTimestampMs)
  }
}

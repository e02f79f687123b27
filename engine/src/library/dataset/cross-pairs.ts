import type {
  CheckpointedFunction,
  FunctionInitializationContext,
} from '../../operator/function/checkpointed-function.ts'
import type { Collector, RichFunction } from '../../operator/function/functions.ts'
import type { RuntimeContext } from '../../operator/function/runtime-context.ts'
import type { Join } from '../../operator/join/window-join-function.ts'
import type { CoProcessFunction } from '../../operator/process/co-process-function.ts'
import type { BroadcastState, OperatorListState } from '../../state/operator-state.ts'
import { mapState } from '../../state/state-descriptor.ts'
import { types } from '../../types/types.ts'
import { pairFunction, type SideTypes } from './join-computation.ts'

/**
 * Meets every left with every right record, of which each subtask gets all. The later of two
 * records finds the earlier one in the state, so each pair is made once, whichever side comes
 * first.
 */
export class CrossPairs<L, R, OUT>
  implements CoProcessFunction<L, R, OUT>, CheckpointedFunction, RichFunction
{
  readonly #fn: Join<L, R, OUT>
  readonly #pair: (left: L, right: R, out: Collector<OUT>) => void
  readonly #types: SideTypes<L, R>
  readonly #left: L[] = []
  readonly #right: R[] = []
  #leftState!: OperatorListState<L>
  /**
   * Copies on all subtasks hold the same records at a barrier, though not always under the same
   * numbers: nobody looks a record up by its number.
   */
  #rightState!: BroadcastState<number, R>

  constructor(fn: Join<L, R, OUT>, sideTypes: SideTypes<L, R>) {
    this.#fn = fn
    this.#pair = pairFunction(fn)
    this.#types = sideTypes
  }

  initializeState({ operatorState }: FunctionInitializationContext): void {
    const { left, right } = this.#types
    const rightRecords = mapState<number, R>('millrace-cross-right', {
      keyType: types.int,
      ...(right && { type: right }),
    })
    this.#leftState = operatorState.getListState('millrace-cross-left', left)
    this.#rightState = operatorState.getBroadcastState(rightRecords)
    for (const record of this.#leftState.get()) this.#left.push(record)
    for (const record of this.#rightState.values()) this.#right.push(record)
  }

  open(context: RuntimeContext): void {
    if (typeof this.#fn === 'object') this.#fn.open?.(context)
  }

  processElement1(left: L, _ctx: unknown, out: Collector<OUT>): void {
    this.#left.push(left)
    for (const right of this.#right) this.#pair(left, right, out)
  }

  processElement2(right: R, _ctx: unknown, out: Collector<OUT>): void {
    this.#rightState.put(this.#right.length, right)
    this.#right.push(right)
    for (const left of this.#left) this.#pair(left, right, out)
  }

  snapshotState(): void {
    this.#leftState.update(this.#left)
  }

  close(): void {
    if (typeof this.#fn === 'object') this.#fn.close?.()
  }
}

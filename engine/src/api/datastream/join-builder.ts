import type { KeySelector } from '../../operator/function/functions.ts'
import type { Trigger } from '../../operator/window/trigger.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { TypeInformation } from '../../types/type-information.ts'

/** Asks for the key and the windows of two streams; `WINDOWED` is what it ends in. */
export interface JoinBuilder<L, R, WINDOWED> {
  /** The key of left records. */
  where<K>(selector: KeySelector<L, K>, keyType?: TypeInformation<K>): JoinWhere<R, K, WINDOWED>
}

/** Asks for the key of right records. */
export interface JoinWhere<R, K, WINDOWED> {
  equalTo(selector: KeySelector<R, K>): JoinOn<WINDOWED>
}

/** Asks for the windows. */
export interface JoinOn<WINDOWED> {
  window<W extends Window>(assigner: WindowAssigner<unknown, W>): WINDOWED
}

/** What both joins of windows can be told before `apply`. */
export interface JoinWindowSettings<L, R> {
  /** Decides when a window fires, in place of the assigner's own trigger. */
  trigger(trigger: Trigger<unknown, never>): this
  /** How long after its end a window still takes late records, and fires again for each. */
  allowedLateness(latenessMs: number): this
  /** Declares the types of the records, which are kept in state. */
  types(left: TypeInformation<L>, right: TypeInformation<R>): this
}

import type { KeySelector } from '../../operator/function/functions.ts'
import { coGroupWindows, joinWindows } from '../../operator/join/co-group-windows.ts'
import { type TaggedRecord, taggedType } from '../../operator/join/tagged-record.ts'
import type { CoGroup, Join } from '../../operator/join/window-join-function.ts'
import type { Trigger } from '../../operator/window/trigger.ts'
import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { ProcessWindowFunction } from '../../operator/window/window-function.ts'
import { windowOperator } from '../../operator/window/window-operator.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { JoinBuilder, JoinOn, JoinWhere } from './join-builder.ts'
import type { CoGroupedWindows, DataStream, JoinedWindows } from './streams.ts'

interface JoinSettings<L, R> {
  readonly left: DataStream<L>
  readonly right: DataStream<R>
  readonly leftKey: KeySelector<L, unknown>
  readonly rightKey: KeySelector<R, unknown>
  readonly keyType: TypeInformation<unknown> | undefined
  readonly assigner: WindowAssigner<unknown, Window>
  readonly trigger?: Trigger<unknown, never>
  readonly allowedLatenessMs?: number
  readonly leftType?: TypeInformation<L>
  readonly rightType?: TypeInformation<R>
}

type WindowFunction<L, R, OUT> = ProcessWindowFunction<TaggedRecord<L, R>, OUT, unknown, Window>

/**
 * Two streams with key and windows, to be joined or co-grouped. Both are made one stream of tagged
 * records, so the window operator does all the rest. Immutable.
 */
class WindowJoin<L, R> {
  readonly #settings: JoinSettings<L, R>

  constructor(settings: JoinSettings<L, R>) {
    this.#settings = settings
  }

  with(change: Partial<JoinSettings<L, R>>): WindowJoin<L, R> {
    return new WindowJoin({ ...this.#settings, ...change })
  }

  apply<OUT>(name: string, fn: WindowFunction<L, R, OUT>): DataStream<OUT> {
    const { left, right, leftKey, rightKey, keyType, leftType, rightType } = this.#settings
    const { assigner, trigger, allowedLatenessMs } = this.#settings
    const keySelector = ({ side, value }: TaggedRecord<L, R>): unknown =>
      side === 'left' ? leftKey(value as L) : rightKey(value as R)
    const tagged = left
      .map((value): TaggedRecord<L, R> => ({ side: 'left', value }))
      .name('Tag left')
      .union(right.map((value): TaggedRecord<L, R> => ({ side: 'right', value })).name('Tag right'))
    const factory = windowOperator<TaggedRecord<L, R>, unknown, OUT, unknown, Window>({
      keySelector,
      assigner,
      trigger: trigger as Trigger<unknown, Window> | undefined,
      computation: { kind: 'process', process: fn },
      elementType: taggedType(leftType, rightType),
      allowedLatenessMs,
    })
    return tagged.keyBy(keySelector, keyType).transform<OUT>(name, factory)
  }
}

class JoinedWindowsBuilder<L, R> implements JoinedWindows<L, R> {
  readonly #join: WindowJoin<L, R>

  constructor(join: WindowJoin<L, R>) {
    this.#join = join
  }

  trigger(trigger: Trigger<unknown, never>): this {
    return new JoinedWindowsBuilder(this.#join.with({ trigger })) as this
  }

  allowedLateness(latenessMs: number): this {
    return new JoinedWindowsBuilder(this.#join.with({ allowedLatenessMs: latenessMs })) as this
  }

  types(left: TypeInformation<L>, right: TypeInformation<R>): this {
    return new JoinedWindowsBuilder(this.#join.with({ leftType: left, rightType: right })) as this
  }

  apply<OUT>(fn: Join<L, R, OUT>): DataStream<OUT> {
    return this.#join.apply('Window Join', joinWindows(fn))
  }
}

class CoGroupedWindowsBuilder<L, R> implements CoGroupedWindows<L, R> {
  readonly #join: WindowJoin<L, R>

  constructor(join: WindowJoin<L, R>) {
    this.#join = join
  }

  trigger(trigger: Trigger<unknown, never>): this {
    return new CoGroupedWindowsBuilder(this.#join.with({ trigger })) as this
  }

  allowedLateness(latenessMs: number): this {
    return new CoGroupedWindowsBuilder(this.#join.with({ allowedLatenessMs: latenessMs })) as this
  }

  types(left: TypeInformation<L>, right: TypeInformation<R>): this {
    const settings = { leftType: left, rightType: right }
    return new CoGroupedWindowsBuilder(this.#join.with(settings)) as this
  }

  apply<OUT>(fn: CoGroup<L, R, OUT>): DataStream<OUT> {
    return this.#join.apply('Window CoGroup', coGroupWindows(fn))
  }
}

/** Begins a window join. */
export function joinStreams<L, R>(
  left: DataStream<L>,
  right: DataStream<R>,
): JoinBuilder<L, R, JoinedWindows<L, R>> {
  return joinBuilder(left, right, (join) => new JoinedWindowsBuilder(join))
}

/** Begins a window co-group. */
export function coGroupStreams<L, R>(
  left: DataStream<L>,
  right: DataStream<R>,
): JoinBuilder<L, R, CoGroupedWindows<L, R>> {
  return joinBuilder(left, right, (join) => new CoGroupedWindowsBuilder(join))
}

function joinBuilder<L, R, WINDOWED>(
  left: DataStream<L>,
  right: DataStream<R>,
  windowed: (join: WindowJoin<L, R>) => WINDOWED,
): JoinBuilder<L, R, WINDOWED> {
  return {
    where: <K>(leftKey: KeySelector<L, K>, keyType?: TypeInformation<K>) => ({
      equalTo: (rightKey: KeySelector<R, K>): JoinOn<WINDOWED> => ({
        window: (assigner) =>
          windowed(new WindowJoin<L, R>({ left, right, leftKey, rightKey, keyType, assigner })),
      }),
    }),
  } satisfies { where<K>(s: KeySelector<L, K>, t?: TypeInformation<K>): JoinWhere<R, K, WINDOWED> }
}

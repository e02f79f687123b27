import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { Evictor, EvictorContext, Kept, TimedValue } from './evictor.ts'
import type { Window } from './window.ts'
import type { WindowContents } from './window-contents.ts'

/** Window contents that are a list of records with timestamps, for an evictor to choose from. */
export class EvictingContents<IN, W extends Window> {
  /** For the operator: what it folds are {@link TimedValue}s. */
  readonly contents: WindowContents<TimedValue<IN>, unknown>
  readonly #evictor: Evictor<IN, W>

  /** @param computed the contents that would be kept without the evictor */
  constructor(
    evictor: Evictor<IN, W>,
    computed: WindowContents<IN, unknown>,
    elementType: TypeInformation<IN> | undefined,
  ) {
    this.#evictor = evictor
    const contents: WindowContents<TimedValue<IN>, TimedValue<IN>[]> = {
      type: types.array(
        types.row({ value: elementType ?? types.generic(), timestampMs: types.number }),
      ) as TypeInformation<TimedValue<IN>[]>,
      fold: (list, input) => {
        if (list === undefined) return [input]
        list.push(input)
        return list
      },
      merge: (list, other) => {
        if (list === undefined) return other
        for (const one of other) list.push(one)
        return list
      },
      mergeChanges: 'value',
      elements: (list) => {
        let value: unknown
        for (const one of list) value = computed.fold(value, one.value)
        return computed.elements(value, false)
      },
    }
    this.contents = contents as WindowContents<TimedValue<IN>, unknown>
  }

  /** The elements that the computation sees. */
  before(elements: unknown, context: EvictorContext<W>): Kept<IN> {
    const all = elements as Kept<IN>
    return this.#evictor.evictBefore?.(all, context) ?? all
  }

  /** The elements that stay for the next firing: a list that nobody else holds. */
  after(elements: Kept<IN>, context: EvictorContext<W>): unknown[] {
    return [...(this.#evictor.evictAfter?.(elements, context) ?? elements)]
  }
}

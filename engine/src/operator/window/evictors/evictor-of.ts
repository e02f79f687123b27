import type { Evictor, EvictorOptions, Kept } from '../evictor.ts'
import type { Window } from '../window.ts'

/** The evictor of one rule, applied when the options say. */
export function evictorOf<IN>(
  keep: (elements: Kept<IN>) => Kept<IN>,
  { when = 'before' }: EvictorOptions,
): Evictor<IN, Window> {
  return when === 'before' ? { evictBefore: keep } : { evictAfter: keep }
}

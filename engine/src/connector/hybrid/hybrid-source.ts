import type { Source } from '../../operator/source/source.ts'
import { HybridEnumerator } from './hybrid-enumerator.ts'
import { HybridReader } from './hybrid-reader.ts'
import type { HybridSplit, HybridState } from './hybrid-split.ts'
import type { AnySource, NextSource, StageSource } from './hybrid-stages.ts'

/**
 * Reads one source to its end, then the next: the history from files, then what is live. All
 * subtasks have finished a source before any begins the next one, so records of the next are never
 * emitted before those of the one before. Every source but the last must be bounded. It has no more
 * subtasks than any of its sources may have, as far as they are known when the program is built.
 *
 * That nothing is missing between the two, and nothing comes twice, is a matter of where they meet:
 * either the program names a point that both know (files up to midnight, the log from midnight),
 * or the next source is a function of the state with which the enumerator before has ended.
 *
 * ```ts
 * const history = sequenceSource(1, 3)
 * const live = sequenceSource(4, 5)
 * const source = hybridSource<number>(history, live)
 * await env.fromSource(source).executeAndCollect() // => [1, 2, 3, 4, 5]
 * ```
 * @see FLIP-150, "Introduce Hybrid Source"
 */
export function hybridSource<T>(
  first: AnySource<T>,
  ...then: readonly NextSource<T>[]
): Source<T, HybridSplit, HybridState> {
  const stages: readonly NextSource<T>[] = [first, ...then]
  const sourceOf: StageSource<T> = (stage, handover) => {
    const made = stages[stage] as NextSource<T>
    const source = typeof made === 'function' ? made(handover as never) : made
    return source as unknown as Source<T, unknown, unknown>
  }
  const last = stages.at(-1) as NextSource<T>
  const parallelismLimit = lowestLimit(stages)
  const names = stages.map((stage) => (typeof stage === 'function' ? '...' : stage.name))
  return {
    name: `Hybrid Source (${names.join(', then ')})`,
    // A source that is yet to be made follows something live, as a rule.
    boundedness: typeof last === 'function' ? 'unbounded' : last.boundedness,
    ...(parallelismLimit && { parallelismLimit }),
    createEnumerator: (context, restored) =>
      new HybridEnumerator(context, restored, sourceOf, stages.length),
    createReader: (context) => new HybridReader<T>(context, sourceOf),
  }
}

/** The lowest limit of the sources that are there already. The same subtasks read all of them. */
function lowestLimit<T>(
  stages: readonly NextSource<T>[],
): Source<T, unknown, unknown>['parallelismLimit'] {
  let lowest: Source<T, unknown, unknown>['parallelismLimit']
  for (const stage of stages) {
    if (typeof stage === 'function' || stage.parallelismLimit === undefined) continue
    const { limit, reason } = stage.parallelismLimit
    if (lowest !== undefined && limit >= lowest.limit) continue
    lowest = { limit, reason: `${reason} (its source '${stage.name}')` }
  }
  return lowest
}

import { functionSupplier, perSubtask } from '../function/function-supplier.ts'
import type { Collector, RichFunction } from '../function/functions.ts'
import type { RuntimeContext } from '../function/runtime-context.ts'
import type { Window } from '../window/window.ts'
import type { ProcessWindowContext, ProcessWindowFunction } from '../window/window-function.ts'
import type { TaggedRecord } from './tagged-record.ts'
import type { CoGroup, CoGroupFunction, Join } from './window-join-function.ts'

/** Parts the records of a window by side and hands both lists to a co-group function. */
class CoGroupWindowFunction<L, R, OUT, K, W extends Window>
  implements ProcessWindowFunction<TaggedRecord<L, R>, OUT, K, W>
{
  readonly #fn: CoGroupFunction<L, R, OUT>

  constructor(fn: CoGroup<L, R, OUT>) {
    this.#fn = typeof fn === 'function' ? { coGroup: fn } : fn
  }

  open(context: RuntimeContext): void {
    this.#fn.open?.(context)
  }

  close(): void {
    this.#fn.close?.()
  }

  process(
    _key: K,
    _context: ProcessWindowContext<W>,
    elements: Iterable<TaggedRecord<L, R>>,
    out: Collector<OUT>,
  ): void {
    const left: L[] = []
    const right: R[] = []
    for (const { side, value } of elements) {
      if (side === 'left') left.push(value as L)
      else right.push(value as R)
    }
    this.#fn.coGroup(left, right, out)
  }
}

/** The window function of a co-group. */
export function coGroupWindows<L, R, OUT, K, W extends Window>(
  fn: CoGroup<L, R, OUT>,
): ProcessWindowFunction<TaggedRecord<L, R>, OUT, K, W> {
  const make = functionSupplier(fn)
  return perSubtask(() => new CoGroupWindowFunction<L, R, OUT, K, W>(make()))
}

/** The window function of a join: a co-group that meets every left with every right record. */
export function joinWindows<L, R, OUT, K, W extends Window>(
  fn: Join<L, R, OUT>,
): ProcessWindowFunction<TaggedRecord<L, R>, OUT, K, W> {
  const make = functionSupplier(fn)
  return perSubtask(() => new CoGroupWindowFunction<L, R, OUT, K, W>(joinPairs(make())))
}

function joinPairs<L, R, OUT>(fn: Join<L, R, OUT>): CoGroupFunction<L, R, OUT> {
  const flat = flatJoin(fn)
  const lifeCycle: RichFunction = typeof fn === 'function' ? {} : fn
  return {
    open: (context) => lifeCycle.open?.(context),
    close: () => lifeCycle.close?.(),
    coGroup(left, right, out) {
      for (const one of left) for (const other of right) flat(one, other, out)
    },
  }
}

function flatJoin<L, R, OUT>(
  fn: Join<L, R, OUT>,
): (left: L, right: R, out: Collector<OUT>) => void {
  if (typeof fn === 'function') return (left, right, out) => out.collect(fn(left, right))
  if ('flatJoin' in fn) return (left, right, out) => fn.flatJoin(left, right, out)
  return (left, right, out) => out.collect(fn.join(left, right))
}

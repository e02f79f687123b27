import { functionSupplier } from '../../operator/function/function-supplier.ts'
import type { Collector } from '../../operator/function/functions.ts'
import type { TaggedRecord } from '../../operator/join/tagged-record.ts'
import type { CoGroup, Join } from '../../operator/join/window-join-function.ts'
import type {
  KeyComputation,
  KeyComputationFactory,
} from '../../operator/partition/partition-computation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'

/** Which records of a join are kept though the other side has none of their key. */
export type JoinKind = 'inner' | 'left outer' | 'right outer' | 'full outer'

/** The types of the records of both sides, where they are declared. */
export interface SideTypes<L, R> {
  readonly left: TypeInformation<L> | undefined
  readonly right: TypeInformation<R> | undefined
}

/** The records of a key, by side. */
interface Sides<L, R> {
  readonly left: L[]
  readonly right: R[]
}

type JoinFactory<L, R, OUT> = KeyComputationFactory<TaggedRecord<L, R>, OUT>

/** What a side without records is joined as: one record that is missing. */
const MISSING: readonly undefined[] = Object.freeze([undefined])

/** Meets every left with every right record of a key; a missing side is `undefined`. */
export function joinComputation<L, R, OUT>(
  kind: JoinKind,
  fn: Join<L | undefined, R | undefined, OUT>,
  sideTypes: SideTypes<L, R>,
): JoinFactory<L, R, OUT> {
  const make = functionSupplier(fn)
  const keepsLeft = kind === 'left outer' || kind === 'full outer'
  const keepsRight = kind === 'right outer' || kind === 'full outer'
  return () => {
    const made = make()
    const join = pairFunction(made)
    return sidesComputation<L, R, OUT>(made, sideTypes, ({ left, right }, out) => {
      const lefts = left.length === 0 && keepsRight ? MISSING : left
      const rights = right.length === 0 && keepsLeft ? MISSING : right
      for (const one of lefts) for (const other of rights) join(one, other, out)
    })
  }
}

/** Hands the records of a key to a function, by side. */
export function coGroupComputation<L, R, OUT>(
  fn: CoGroup<L, R, OUT>,
  sideTypes: SideTypes<L, R>,
): JoinFactory<L, R, OUT> {
  const make = functionSupplier(fn)
  return () => {
    const made = make()
    const coGroup: (left: readonly L[], right: readonly R[], out: Collector<OUT>) => void =
      typeof made === 'function' ? made : (left, right, out) => made.coGroup(left, right, out)
    return sidesComputation<L, R, OUT>(made, sideTypes, ({ left, right }, out) =>
      coGroup(left, right, out),
    )
  }
}

/** A join function, in any of its forms, as one that emits. */
export function pairFunction<L, R, OUT>(
  fn: Join<L, R, OUT>,
): (left: L, right: R, out: Collector<OUT>) => void {
  if (typeof fn === 'function') return (left, right, out) => out.collect(fn(left, right))
  if ('flatJoin' in fn) return (left, right, out) => fn.flatJoin(left, right, out)
  return (left, right, out) => out.collect(fn.join(left, right))
}

function sidesComputation<L, R, OUT>(
  fn: unknown,
  { left, right }: SideTypes<L, R>,
  emit: (sides: Sides<L, R>, out: Collector<OUT>) => void,
): KeyComputation<TaggedRecord<L, R>, unknown, OUT> {
  const computation: KeyComputation<TaggedRecord<L, R>, Sides<L, R>, OUT> = {
    functions: [fn],
    type: left && right && types.row({ left: types.array(left), right: types.array(right) }),
    fold(value, { side, value: record }) {
      const sides = value ?? { left: [], right: [] }
      if (side === 'left') sides.left.push(record as L)
      else sides.right.push(record as R)
      return sides
    },
    emit,
  }
  return computation as KeyComputation<TaggedRecord<L, R>, unknown, OUT>
}

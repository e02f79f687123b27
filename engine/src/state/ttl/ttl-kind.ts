import type { Stamped } from './stamped.ts'

/** What cleanup has to know of the values of one kind of state. */
export interface TtlKind<S> {
  /** The value without what is expired: itself if nothing is, undefined if all is. */
  prune(value: S, isExpired: (stamped: Stamped<unknown>) => boolean): S | undefined
  /** When the life of its oldest part began. */
  startMs(value: S): number
}

/** One stamped value. */
export function ttlCellKind<V>(): TtlKind<Stamped<V>> {
  return {
    prune: (stamped, isExpired) => (isExpired(stamped) ? undefined : stamped),
    startMs: (stamped) => stamped.atMs,
  }
}

/** A list of stamped values. */
export function ttlListKind<V>(): TtlKind<Stamped<V>[]> {
  return {
    prune(list, isExpired) {
      if (!list.some(isExpired)) return list
      const live = list.filter((stamped) => !isExpired(stamped))
      return live.length === 0 ? undefined : live
    },
    startMs: (list) => list.reduce((first, { atMs }) => Math.min(first, atMs), Infinity),
  }
}

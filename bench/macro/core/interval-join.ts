import { types } from '@millrace/engine'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { type Entry, entryType, timeOf, uniform } from './entries.ts'
import { isLeft, type Pair, pairAdder, pairOf, twoStreams } from './pairs.ts'

/** So many keys that an entry meets about one of the other stream. */
const SHAPE = { perMs: 100, entryAt: uniform(1_000) }
const BOUND_MS = 10

/** Pairs of entries of one key that are at most ten milliseconds apart. */
export const intervalJoin: CheckedJob<Pair> = {
  name: 'interval-join',
  results(env, size) {
    const [left, right] = twoStreams(env, size, SHAPE)
    return left
      .keyBy(({ key }) => key, types.int)
      .intervalJoin(right.keyBy(({ key }) => key, types.int))
      .between(-BOUND_MS, BOUND_MS)
      .types(entryType, entryType)
      .process<Pair>((one, other, _context, out) => out.collect(pairOf(one, other)))
  },
  adder: pairAdder,
  plainly({ records }, add) {
    const recent = new Map<number, { timeMs: number; entry: Entry }[]>()
    for (let index = 0; index < records; index++) {
      const entry = SHAPE.entryAt(index)
      const timeMs = timeOf(index, SHAPE)
      const near = (recent.get(entry.key) ?? []).filter((one) => one.timeMs >= timeMs - BOUND_MS)
      for (const { entry: other } of near) {
        if (isLeft(other) === isLeft(entry)) continue
        add(isLeft(entry) ? pairOf(entry, other) : pairOf(other, entry))
      }
      recent.set(entry.key, [...near, { timeMs, entry }])
    }
  },
}

import { tumblingEventTimeWindows, types } from '@millrace/engine'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { type Entry, entryType, timeOf, uniform } from './entries.ts'
import { isLeft, type Pair, pairAdder, pairOf, twoStreams } from './pairs.ts'

/** So many keys that there is about one entry of either stream in a window. */
const SHAPE = { perMs: 20, entryAt: uniform(10_000) }
const WINDOW_MS = 1_000

/** All pairs of entries that share key and second. */
export const windowJoin: CheckedJob<Pair> = {
  name: 'window-join',
  results(env, size) {
    const [left, right] = twoStreams(env, size, SHAPE)
    return left
      .join(right)
      .where(({ key }) => key, types.int)
      .equalTo(({ key }) => key)
      .window(tumblingEventTimeWindows(WINDOW_MS))
      .types(entryType, entryType)
      .apply(pairOf)
  },
  adder: pairAdder,
  plainly({ records }, add) {
    const groups = new Map<string, Entry[]>()
    for (let index = 0; index < records; index++) {
      const entry = SHAPE.entryAt(index)
      const group = `${Math.floor(timeOf(index, SHAPE) / WINDOW_MS)} ${entry.key}`
      groups.set(group, [...(groups.get(group) ?? []), entry])
    }
    for (const group of groups.values()) {
      const others = group.filter((entry) => !isLeft(entry))
      for (const left of group.filter(isLeft)) {
        for (const right of others) add(pairOf(left, right))
      }
    }
  },
}

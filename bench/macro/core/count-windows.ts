import { countTrigger, globalWindows, purgingTrigger, types } from '@millrace/engine'
import { type CheckedJob, rowAdder } from '../../jobs/checked-job.ts'
import { type Entry, entries, uniform } from './entries.ts'

const anyKey = uniform(1_000)

/** The value follows from the key, so that the sums do not depend on the order of arrival. */
const SHAPE = {
  perMs: 100,
  entryAt: (index: number): Entry => {
    const { key } = anyKey(index)
    return { key, value: key % 256 }
  },
}
const ENTRIES_PER_WINDOW = 20

/** Sums of twenty entries each: a global window that a trigger fires by counting. */
export const countWindows: CheckedJob<Entry> = {
  name: 'global-count-trigger',
  results: (env, size) =>
    entries(env, size, SHAPE)
      .keyBy(({ key }) => key, types.int)
      .window(globalWindows())
      .trigger(purgingTrigger(countTrigger(ENTRIES_PER_WINDOW)))
      .reduce(({ key, value }, right) => ({ key, value: value + right.value })),
  adder: rowAdder(({ key, value }, hash) => hash.number(key).number(value)),
  plainly({ records }, add) {
    const windows = new Map<number, { count: number; sum: number }>()
    for (let index = 0; index < records; index++) {
      const { key, value } = SHAPE.entryAt(index)
      const { count, sum } = windows.get(key) ?? { count: 0, sum: 0 }
      const isFull = count + 1 === ENTRIES_PER_WINDOW
      if (isFull) add({ key, value: sum + value })
      windows.set(key, isFull ? { count: 0, sum: 0 } : { count: count + 1, sum: sum + value })
    }
  },
}

import { types } from '@millrace/engine'
import { type CheckedJob, rowAdder } from '../../jobs/checked-job.ts'
import { type Entry, entries, uniform } from './entries.ts'

const SHAPE = { perMs: 100, entryAt: uniform(1_000) }

/** Entries that go to the subtask of their key, where nothing is kept of them. */
export const keyBy: CheckedJob<Entry> = {
  name: 'key-by',
  results: (env, size) =>
    entries(env, size, SHAPE)
      .keyBy(({ key }) => key, types.int)
      .map((entry) => entry),
  adder: rowAdder(({ key, value }, hash) => hash.number(key).number(value)),
  plainly({ records }, add) {
    for (let index = 0; index < records; index++) add(SHAPE.entryAt(index))
  },
}

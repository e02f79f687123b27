import { eventTimeSessionWindows, types } from '@millrace/engine'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { type Entry, entries, timeOf, uniform } from './entries.ts'
import { sumAdder, summing, type WindowSum } from './window-sums.ts'

const PER_MS = 100
const GAP_MS = 500

/** In every second another quarter of the keys is busy: sessions last about a second. */
const SHIFTS = 4
const SHIFT_MS = 1_000
const anyKey = uniform(250)
const SHAPE = {
  perMs: PER_MS,
  entryAt: (index: number): Entry => {
    const { key, value } = anyKey(index)
    return { key: key * SHIFTS + (Math.floor(index / (PER_MS * SHIFT_MS)) % SHIFTS), value }
  },
}

/** Sums by key and session. */
export const sessionWindows: CheckedJob<WindowSum> = {
  name: 'session',
  results: (env, size) =>
    entries(env, size, SHAPE)
      .keyBy(({ key }) => key, types.int)
      .window(eventTimeSessionWindows(GAP_MS))
      .aggregate<number, number, WindowSum>(summing, (key, { window }, sums, out) => {
        for (const sum of sums) out.collect({ key, startMs: window.startMs, sum })
      }),
  adder: sumAdder,
  plainly({ records }, add) {
    const sessions = new Map<number, { startMs: number; lastMs: number; sum: number }>()
    for (let index = 0; index < records; index++) {
      const timeMs = timeOf(index, SHAPE)
      const { key, value } = SHAPE.entryAt(index)
      const session = sessions.get(key)
      if (session !== undefined && timeMs <= session.lastMs + GAP_MS) {
        session.lastMs = timeMs
        session.sum += value
        continue
      }
      if (session !== undefined) add({ key, ...session })
      sessions.set(key, { startMs: timeMs, lastMs: timeMs, sum: value })
    }
    for (const [key, session] of sessions) add({ key, ...session })
  },
}

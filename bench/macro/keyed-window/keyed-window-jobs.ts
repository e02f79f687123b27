import type { CheckedJob } from '../../jobs/checked-job.ts'
import { runAsThread } from '../../jobs/run-checked-job.ts'
import { type EntryShape, uniform } from '../core/entries.ts'
import { type Phases, tumblingSums } from '../core/tumbling-sums.ts'
import type { WindowSum } from '../core/window-sums.ts'

/**
 * The input. Programs in other languages compute the same, from the number of a record alone:
 * `bench/peers/timely/src/entry.rs` and `Entry.java` in `bench/peers/hazelcast`.
 */
export const KEYED_WINDOW_SHAPE: EntryShape = { perMs: 1_000, entryAt: uniform(10_000) }

const WINDOW_MS = 1_000

function keyedWindow(phases: Phases): CheckedJob<WindowSum> {
  return tumblingSums({ name: phases, shape: KEYED_WINDOW_SHAPE, windowMs: WINDOW_MS, phases })
}

/** Sums of 10,000 keys by a second of event time, each of a hundred values on average. */
export const onePhase: CheckedJob<WindowSum> = keyedWindow('one-phase')

/** The same sums, added up ahead of the exchange. */
export const twoPhase: CheckedJob<WindowSum> = keyedWindow('two-phase')

const JOBS = [onePhase, twoPhase]

if (import.meta.main) await runAsThread(JOBS)

import { checkedProgram } from '../../jobs/checked-program.ts'
import type { JobPlace } from '../../jobs/run-checked-job.ts'
import { hazelcastProgram } from '../../peers/hazelcast/hazelcast-program.ts'
import { peerPrograms } from '../../peers/peer-programs.ts'
import { timelyPrograms } from '../../peers/timely/timely-programs.ts'
import { ratioFloor } from '../../runner/floors.ts'
import type { Program } from '../../runner/program.ts'
import { programSuite } from '../../runner/program-suite.ts'
import type { Suite } from '../../runner/suite.ts'
import { onePhase, twoPhase } from './keyed-window-jobs.ts'

/** So many that a run of this engine takes ten seconds; the same for all, as outputs are equal. */
const RECORDS = 200_000_000

/**
 * What two threads must reach against Hazelcast, in records per CPU-second: both add up ahead of
 * the exchange and take the same snapshots. None is asked over timely: it is native code without
 * snapshots, and these records are objects that functions of the user look into. A job over columns
 * could be asked for one.
 */
const HAZELCAST_FLOOR = 1

const isolate: JobPlace = { parallelism: 1 }
const threads: JobPlace = {
  parallelism: 2,
  program: new URL('./keyed-window-jobs.ts', import.meta.url).href,
}

const alone = programOf(onePhase, '', isolate)

/** Sums by key and second beside engines in other languages, which give the same sums. */
export const keyedWindow: Suite = programSuite({
  name: 'keyed-window',
  about: 'sums of 10,000 keys by a second of event time, beside timely and Hazelcast Jet',
  programs: [
    alone,
    programOf(onePhase, '-threads-2', threads),
    programOf(twoPhase, '-threads-2', threads),
  ],
  peersOf: (asked, progress) =>
    peerPrograms(
      { asked, progress },
      {
        timely: () => timelyPrograms(alone),
        hazelcast: () => [hazelcastProgram(alone)],
      },
    ),
  floorsOf: (results) =>
    ratioFloor(results, {
      of: 'two-phase-threads-2',
      over: 'hazelcast-2',
      atLeast: HAZELCAST_FLOOR,
      per: 'cpu-second',
    }),
})

function programOf(job: typeof onePhase, suffix: string, place: JobPlace): Program {
  const name = `${job.name}${suffix}`
  return checkedProgram(job, { name, place, records: RECORDS, group: 'keyed-window' })
}

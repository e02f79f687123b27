import type { AnyCheckedJob } from '../../jobs/checked-job.ts'
import { runAsThread } from '../../jobs/run-checked-job.ts'
import { asyncIo } from './async-io.ts'
import { countWindows } from './count-windows.ts'
import { intervalJoin } from './interval-join.ts'
import { keyBy } from './key-by.ts'
import { mapRebalanceMap, mapSink } from './map-jobs.ts'
import { sessionWindows } from './session-windows.ts'
import { slidingWindows } from './sliding-windows.ts'
import { tumblingAggregate, tumblingReduce } from './tumbling-windows.ts'
import { userTimers } from './user-timers.ts'
import { windowJoin } from './window-join.ts'
import { wordCount } from './word-count.ts'

/** The jobs of the suite `core`. */
export const CORE_JOBS: readonly AnyCheckedJob[] = [
  mapSink,
  mapRebalanceMap,
  keyBy,
  tumblingReduce,
  tumblingAggregate,
  slidingWindows(60),
  slidingWindows(3_600),
  sessionWindows,
  countWindows,
  intervalJoin,
  windowJoin,
  asyncIo('ordered'),
  asyncIo('unordered'),
  userTimers,
  wordCount,
]

if (import.meta.main) await runAsThread(CORE_JOBS)

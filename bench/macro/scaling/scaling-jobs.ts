import type { AnyCheckedJob } from '../../jobs/checked-job.ts'
import { runAsThread } from '../../jobs/run-checked-job.ts'
import { tumblingAggregate } from '../core/tumbling-windows.ts'
import { EXCHANGE_JOBS } from './exchange-jobs.ts'
import { NEXMARK_JOBS } from './nexmark-queries.ts'

/** The jobs of the suite `scaling`. */
export const SCALING_JOBS: readonly AnyCheckedJob[] = [
  ...NEXMARK_JOBS,
  tumblingAggregate,
  ...EXCHANGE_JOBS,
]

if (import.meta.main) await runAsThread(SCALING_JOBS)

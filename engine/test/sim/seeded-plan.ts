import fc from 'fast-check'
import type { CrashRunPlan } from './crash-run.ts'
import { faultSchedules } from './fault-schedule.ts'
import { pipelines } from './random-pipeline.ts'

const plans = fc.record({ pipeline: pipelines, schedule: faultSchedules })

/** The run of a seed: pipeline, faults and the order of all events follow from it. */
export function planOfSeed(seed: number): CrashRunPlan {
  const [plan] = fc.sample(plans, { seed, numRuns: 1 })
  return { seed, ...(plan as Omit<CrashRunPlan, 'seed'>) }
}

import { type CrashRunPlan, crashRun } from './crash-run.ts'
import type { SourceDescription } from './pipeline-description.ts'
import { isCertain } from './stream-properties.ts'

/** More runs than this are not worth a smaller example. */
const RUNS_MAX = 400

/**
 * Makes a failing run smaller as long as it still fails: fewer faults, stages, sources and records,
 * fewer kinds of trouble. Greedy, so the result is small, not the smallest.
 */
export async function minimise(plan: CrashRunPlan): Promise<CrashRunPlan> {
  let best = plan
  let runs = 0
  for (let isSmaller = true; isSmaller && runs < RUNS_MAX; ) {
    isSmaller = false
    for (const candidate of smaller(best)) {
      if (!isCertain(candidate.pipeline) || runs >= RUNS_MAX) continue
      runs++
      if ((await crashRun(candidate)).failure === undefined) continue
      best = candidate
      isSmaller = true
      break
    }
  }
  return best
}

/** Plans with one thing less, those that promise most first. */
function* smaller(plan: CrashRunPlan): Generator<CrashRunPlan> {
  const { pipeline, schedule } = plan
  const withPipeline = (change: Partial<CrashRunPlan['pipeline']>): CrashRunPlan => ({
    ...plan,
    pipeline: { ...pipeline, ...change },
  })
  const withSchedule = (change: Partial<CrashRunPlan['schedule']>): CrashRunPlan => ({
    ...plan,
    schedule: { ...schedule, ...change },
  })
  for (const faults of oneLess(schedule.faults)) yield withSchedule({ faults })
  for (const failedSyncs of oneLess(schedule.failedSyncs)) yield withSchedule({ failedSyncs })
  if (schedule.logOutcomes.length > 0) yield withSchedule({ logOutcomes: [] })
  if (schedule.slowTasksMs > 0) yield withSchedule({ slowTasksMs: 0 })
  if (schedule.timerLatenessMsMax > 0) yield withSchedule({ timerLatenessMsMax: 0 })
  for (const stages of oneLess(pipeline.stages)) yield withPipeline({ stages })
  if (pipeline.sources.length > 1) {
    for (const sources of oneLess(pipeline.sources)) yield withPipeline({ sources })
  }
  if (pipeline.sinks.length > 1) {
    for (const sinks of oneLess(pipeline.sinks)) yield withPipeline({ sinks })
  }
  if (pipeline.rescales) yield withPipeline({ rescales: false })
  if (pipeline.spanningFiles) yield withPipeline({ spanningFiles: false })
  for (const [index, source] of pipeline.sources.entries()) {
    for (const fewer of shorter(source)) {
      yield withPipeline({ sources: pipeline.sources.with(index, fewer) })
    }
  }
}

function* oneLess<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let index = items.length - 1; index >= 0; index--) yield items.toSpliced(index, 1)
}

/** The source without stretches of its steps: halves first, single steps last. */
function* shorter(source: SourceDescription): Generator<SourceDescription> {
  const { steps } = source
  for (let length = Math.floor(steps.length / 2); length >= 1; length = Math.floor(length / 2)) {
    for (let start = 0; start + length <= steps.length; start += length) {
      yield { ...source, steps: steps.toSpliced(start, length) }
    }
  }
}

import {
  discardSink,
  getExecutionEnvironment,
  perSubtask,
  type StreamExecutionEnvironment,
} from '@millrace/engine'
import type { Settings } from '../runner/benchmark-result.ts'
import type { ProgramOutcome } from '../runner/program.ts'
import type { AnyCheckedJob, JobSize } from './checked-job.ts'
import { Digesting, outputOf } from './digesting.ts'
import { JOB_SETTINGS } from './measured-job.ts'

/** Where a job runs. */
export interface JobPlace {
  readonly parallelism: number
  /** The module that builds the job in each thread; without it all is done in this isolate. */
  readonly program?: string
}

/** The settings of a job, for the result file. */
export function settingsAt({ parallelism, program }: JobPlace): Settings {
  const target = program === undefined ? 'in-process' : 'threads'
  return { ...JOB_SETTINGS, parallelism, target }
}

/** Runs a job. The output is a digest of its results. */
export async function runCheckedJob(
  job: AnyCheckedJob,
  records: number,
  { parallelism, program }: JobPlace,
): Promise<ProgramOutcome> {
  const args = [job.name, String(records), String(parallelism)]
  const env = getExecutionEnvironment({
    ...(program && { program: { module: program, arguments: args } }),
  })
  if (program !== undefined) env.configure({ 'execution.target': 'threads' })
  build(env, job, { records, parallelism })
  const client = await env.executeAsync(job.name)
  const result = await client.result()
  const completed = client.checkpoints().filter(({ status }) => status === 'COMPLETED')
  return { output: outputOf(result), facts: { checkpoints: completed.length } }
}

/**
 * Builds in a thread the job that {@link runCheckedJob} runs: what a module does that is named as a
 * program, where it is the main module.
 */
export async function runAsThread(jobs: readonly AnyCheckedJob[]): Promise<void> {
  const [name, records, parallelism] = process.argv.slice(2)
  const job = jobs.find((one) => one.name === name)
  if (job === undefined) throw new Error(`there is no job '${name}'`)
  const env = getExecutionEnvironment().configure({ 'execution.target': 'threads' })
  build(env, job, { records: Number(records), parallelism: Number(parallelism) })
  await env.execute(job.name)
}

function build(env: StreamExecutionEnvironment, job: AnyCheckedJob, size: JobSize): void {
  env.setParallelism(size.parallelism).enableCheckpointing(JOB_SETTINGS.checkpointIntervalMs)
  job
    .results(env, size)
    .flatMap(perSubtask(() => new Digesting(job)))
    .sinkTo(discardSink())
}

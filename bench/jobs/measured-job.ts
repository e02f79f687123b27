/** `jobs/` holds what the measured jobs of all suites have in common. */

import {
  getExecutionEnvironment,
  type JobClient,
  type StreamExecutionEnvironment,
} from '@millrace/engine'

/** How jobs are run. Recorded with each result. */
export const JOB_SETTINGS = {
  parallelism: 1,
  stateBackend: 'heap',
  checkpointStorage: 'memory',
  guarantee: 'exactly-once',
  checkpointIntervalMs: 1_000,
} as const

/** How jobs are run that have threads of their own. */
export const THREADS_SETTINGS = {
  target: 'threads',
  parallelism: 2,
  stateBackend: 'heap',
  checkpointStorage: 'memory',
  guarantee: 'exactly-once',
  checkpointIntervalMs: 1_000,
} as const

/** Runs a job in this isolate. @returns how many checkpoints were completed */
export async function runMeasuredJob(
  name: string,
  build: (env: StreamExecutionEnvironment) => void,
): Promise<number> {
  const env = isolateEnvironment()
  build(env)
  return completedCheckpoints(await runToEnd(env, name))
}

/** Where a job runs in this isolate. */
export function isolateEnvironment(): StreamExecutionEnvironment {
  return getExecutionEnvironment()
    .setParallelism(JOB_SETTINGS.parallelism)
    .enableCheckpointing(JOB_SETTINGS.checkpointIntervalMs)
}

/** Where a job runs in two threads, each of which builds it by running a module once more. */
export function threadsEnvironment(program: {
  readonly module: string
  readonly arguments: readonly string[]
}): StreamExecutionEnvironment {
  return getExecutionEnvironment({ program })
    .configure({ 'execution.target': THREADS_SETTINGS.target })
    .setParallelism(THREADS_SETTINGS.parallelism)
    .enableCheckpointing(THREADS_SETTINGS.checkpointIntervalMs)
}

/** Runs what was built. @returns the client of the job that has ended */
export async function runToEnd(env: StreamExecutionEnvironment, name: string): Promise<JobClient> {
  const client = await env.executeAsync(name)
  await client.result()
  return client
}

export function completedCheckpoints(client: JobClient): number {
  return client.checkpoints().filter(({ status }) => status === 'COMPLETED').length
}

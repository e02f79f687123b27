/** `jobs/` holds what the measured jobs of all suites have in common. */

import { getExecutionEnvironment, type StreamExecutionEnvironment } from '@millrace/engine'

/** How jobs are run. Recorded with each result. */
export const JOB_SETTINGS = {
  parallelism: 1,
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
  const env = getExecutionEnvironment()
  env
    .setParallelism(JOB_SETTINGS.parallelism)
    .enableCheckpointing(JOB_SETTINGS.checkpointIntervalMs)
  build(env)
  const client = await env.executeAsync(name)
  await client.result()
  return client.checkpoints().filter(({ status }) => status === 'COMPLETED').length
}

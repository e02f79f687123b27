import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { folderDigest } from '../digest/folder-digest.ts'
import { completedCheckpoints, isolateEnvironment, runToEnd } from '../jobs/measured-job.ts'
import type { ProgramOutcome } from '../runner/program.ts'
import type { AnyNexmarkQuery } from './queries/nexmark-query.ts'
import { buildQuery, type QueryJob, queryThreads } from './query-job.ts'
import { digestOf } from './query-sink.ts'

/** Where the job of a query runs. */
export type QueryTarget = 'isolate' | 'threads'

/**
 * Runs a query over the first events. The output is a digest of its result table, or of the files
 * that it has written: to read them again is part of the run.
 */
export async function runQuery(
  query: AnyNexmarkQuery,
  events: number,
  target: QueryTarget = 'isolate',
): Promise<ProgramOutcome> {
  if (!('write' in query)) return runJob({ query, events, folder: '' }, target)
  const folder = mkdtempSync(join(tmpdir(), 'nexmark-'))
  try {
    const { facts } = await runJob({ query, events, folder }, target)
    const digest = folderDigest(folder)
    return { output: digest.text, facts: { ...facts, rows: digest.rows } }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function runJob(job: QueryJob, target: QueryTarget): Promise<ProgramOutcome> {
  const env = target === 'threads' ? queryThreads(job) : isolateEnvironment()
  buildQuery(env, job)
  const client = await runToEnd(env, job.query.name)
  const digest = digestOf(client)
  const checkpoints = completedCheckpoints(client)
  return { output: digest.text, facts: { checkpoints, rows: digest.rows } }
}

// Builds a query as a job. Run as a program, it is what each thread of a job runs once more; its
// arguments are the query, how many events it reads, and where its files go.

import type { DataStream, StreamExecutionEnvironment } from '@millrace/engine'
import { threadsEnvironment } from '../jobs/measured-job.ts'
import { nexmarkSource } from './generator/nexmark-source.ts'
import { nexmarkEvents } from './nexmark-job.ts'
import type { AnyNexmarkQuery } from './queries/nexmark-query.ts'
import { QUERIES } from './queries/queries.ts'
import { querySink } from './query-sink.ts'

/** What a job is built from. */
export interface QueryJob {
  readonly query: AnyNexmarkQuery
  readonly events: number
  /** Where a query that writes files puts them. */
  readonly folder: string
}

/** Adds the job of a query to an environment. */
export function buildQuery(
  env: StreamExecutionEnvironment,
  { query, events, folder }: QueryJob,
): void {
  const stream = nexmarkEvents(env, nexmarkSource({ events }))
  if (query.kind === 'appending' && query.write !== undefined) {
    query.write(query.results(stream), folder)
    return
  }
  const results = query.results(stream) as DataStream<unknown>
  results.sinkTo(querySink(query))
}

/** Where the job of a query runs in threads: they run this module. */
export function queryThreads({ query, events, folder }: QueryJob): StreamExecutionEnvironment {
  return threadsEnvironment({
    module: import.meta.url,
    arguments: [query.name, String(events), folder],
  })
}

if (import.meta.main) {
  const [name, events, folder] = process.argv.slice(2) as [string, string, string]
  const query = QUERIES.find((one) => one.name === name) as AnyNexmarkQuery
  const job = { query, events: Number(events), folder }
  const env = queryThreads(job)
  buildQuery(env, job)
  await env.execute(name)
}

import { digestSink } from '../../digest/digest-sink.ts'
import type { AnyCheckedJob } from '../../jobs/checked-job.ts'
import { runMeasuredJob } from '../../jobs/measured-job.ts'
import { nexmarkSource } from '../../nexmark/generator/nexmark-source.ts'
import { nexmarkEvents } from '../../nexmark/nexmark-job.ts'
import type { AnyNexmarkQuery } from '../../nexmark/queries/nexmark-query.ts'
import { q4 } from '../../nexmark/queries/q4.ts'
import { q5 } from '../../nexmark/queries/q5.ts'
import { adderOf } from '../../nexmark/query-sink.ts'

/**
 * Queries that are bound by their state. On threads they must answer as in one isolate, where the
 * suite `nexmark` compares them with SQLite.
 */
export const NEXMARK_JOBS: readonly AnyCheckedJob[] = [q4, q5].map(jobOf)

function jobOf(query: AnyNexmarkQuery): AnyCheckedJob {
  const results: AnyCheckedJob['results'] = (env, { records }) =>
    query.results(nexmarkEvents(env, nexmarkSource({ events: records })))
  return {
    name: query.name,
    results,
    reference: 'the query in one isolate',
    adder: (digest) => adderOf(query, digest),
    async plainly(size, add) {
      const alone = { ...size, parallelism: 1 }
      await runMeasuredJob(query.name, (env) => results(env, alone).sinkTo(digestSink(add)))
    },
  }
}

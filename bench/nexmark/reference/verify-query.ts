import { getExecutionEnvironment } from '@millrace/engine'
import type { Verification } from '../../runner/benchmark-result.ts'
import { NexmarkGenerator } from '../generator/nexmark-generator.ts'
import { nexmarkSource } from '../generator/nexmark-source.ts'
import { nexmarkEvents } from '../nexmark-job.ts'
import type { AnyNexmarkQuery } from '../queries/nexmark-query.ts'
import { eventDatabase, referenceTable } from './event-database.ts'
import { REFERENCE_SQL } from './reference-sql.ts'
import { tableOf } from './result-table.ts'

/** Compares the answer of a query over the first events with that of SQLite. */
export async function verifyQuery(query: AnyNexmarkQuery, events: number): Promise<Verification> {
  const reference = `SQLite over the first ${events} events`
  const sql = REFERENCE_SQL[query.name]
  if (sql === undefined) {
    return { status: 'invariants', outputHash: null, reference: 'counts of processing time differ' }
  }
  const generator = new NexmarkGenerator()
  const all = Array.from({ length: events }, (_, index) => generator.event(index + 1))
  const expected = referenceTable(eventDatabase(all), sql)
  const env = getExecutionEnvironment().setParallelism(1)
  const stream = query.results(nexmarkEvents(env, nexmarkSource({ events })))
  const actual = tableOf(query, await stream.executeAndCollect(query.name))
  const isEqual =
    actual.length === expected.length && actual.every((row, index) => row === expected[index])
  return { status: isEqual ? 'equal' : 'FAILED', outputHash: null, reference }
}

import { collectSink, getExecutionEnvironment, rateLimited } from '@millrace/engine'
import { FakeTransactionLog, testJob, transactionalSink } from '@millrace/engine/testing'
import { describe, expect, it } from 'vitest'
import { NexmarkGenerator } from '../generator/nexmark-generator.ts'
import { nexmarkSource } from '../generator/nexmark-source.ts'
import { nexmarkEvents } from '../nexmark-job.ts'
import { eventDatabase, referenceTable } from '../reference/event-database.ts'
import { REFERENCE_SQL } from '../reference/reference-sql.ts'
import { type ResultTable, tableOf } from '../reference/result-table.ts'
import type { AnyNexmarkQuery } from './nexmark-query.ts'
import { q12 } from './q12.ts'
import { QUERIES } from './queries.ts'

/** 40 seconds of event time, with midnight in it. */
const STREAM = {
  events: 10_000,
  rate: 250,
  splits: 8,
  baseTimeMs: Date.UTC(2015, 6, 15, 23, 59, 45),
}

const generator = new NexmarkGenerator({ rate: STREAM.rate, baseTimeMs: STREAM.baseTimeMs })
const database = eventDatabase(
  Array.from({ length: STREAM.events }, (_, index) => generator.event(index + 1)),
)

function referenceOf({ name }: AnyNexmarkQuery): ResultTable {
  return referenceTable(database, REFERENCE_SQL[name] as string)
}

async function run(query: AnyNexmarkQuery, parallelism: number): Promise<readonly unknown[]> {
  const env = getExecutionEnvironment().setParallelism(parallelism)
  return query.results(nexmarkEvents(env, nexmarkSource(STREAM))).executeAndCollect(query.name)
}

const COMPARABLE = QUERIES.filter((query) => query !== q12)

describe.each(COMPARABLE)('Nexmark $name, $about (BEN-02)', (query) => {
  it.each([1, 2])('gives the answer of SQLite at parallelism %i', async (parallelism) => {
    const expected = referenceOf(query)
    expect(expected.length).toBeGreaterThan(1)
    expect(tableOf(query, await run(query, parallelism))).toEqual(expected)
  })
})

describe('Nexmark q12, windows of processing time (BEN-02)', () => {
  it('counts every bid once', async () => {
    const rows: { bidder: number; bidCount: number }[] = []
    const endless = nexmarkSource({ ...STREAM, events: Number.POSITIVE_INFINITY })
    const job = testJob((env) => {
      env.setParallelism(1).enableCheckpointing(1_000)
      const events = nexmarkEvents(env, rateLimited(endless, 300))
      q12.results(events).sinkTo(collectSink({ add: (row) => void rows.push(row) }))
    })
    await job.until(() => new Set(rows.map(({ bidder }) => bidder)).size > 100)
    job.stop()
    const counted = rows.reduce((sum, { bidCount }) => sum + bidCount, 0)
    const counts = new Map<number, number>()
    for (const { bidder, bidCount } of rows) {
      counts.set(bidder, (counts.get(bidder) ?? 0) + bidCount)
    }
    const first = database.prepare(`SELECT bidder, count(*) FROM (
      SELECT bidder FROM bid ORDER BY rowid LIMIT ?) GROUP BY 1`)
    expect(counts).toEqual(new Map(first.all(counted) as unknown as [number, number][]))
  })
})

describe('Nexmark queries after a crash (BEN-02)', () => {
  const KILLED = [
    'q3',
    'q4',
    'q5',
    'q6',
    'q7',
    'q8',
    'q9',
    'q11',
    'q15',
    'q18',
    'q19',
    'q20',
    'q23',
  ]
  const killed = QUERIES.filter(({ name }) => KILLED.includes(name))

  it.each(killed)('$name gives the answer of SQLite', async (query) => {
    const log = new FakeTransactionLog<unknown>()
    const job = testJob((env) => {
      env.setParallelism(2).enableCheckpointing(200)
      const events = nexmarkEvents(env, rateLimited(nexmarkSource(STREAM), 2_500))
      query.results(events).uid('query').sinkTo(transactionalSink(log)).uid('log')
    })
    await job.advance(1_700)
    await job.checkpoints(1)
    const before = log.committed.length
    await job.kill()
    await job.finish()
    expect(log.committed.length).toBeGreaterThan(before)
    expect(tableOf(query, log.committed)).toEqual(referenceOf(query))
  })
})

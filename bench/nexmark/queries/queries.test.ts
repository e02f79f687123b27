import { collectSink, getExecutionEnvironment, rateLimited } from '@millrace/engine'
import { FakeTransactionLog, testJob, transactionalSink } from '@millrace/engine/testing'
import { describe, expect, it } from 'vitest'
import { NexmarkGenerator } from '../generator/nexmark-generator.ts'
import { nexmarkSource } from '../generator/nexmark-source.ts'
import { nexmarkEvents } from '../nexmark-job.ts'
import { eventDatabase } from '../reference/event-database.ts'
import { REFERENCE_SQL } from '../reference/reference-sql.ts'
import type { AnyNexmarkQuery, Change } from './nexmark-query.ts'
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

/** The answer of SQLite, sorted. */
function referenceOf({ name }: AnyNexmarkQuery): readonly string[] {
  const rows = database.prepare(REFERENCE_SQL[name] as string).all()
  return rows.map((row) => JSON.stringify(row)).sort()
}

/** The values of a row, those of rows inside it too, without what tells events apart. */
function columnsOf(row: object): readonly unknown[] {
  return Object.entries(row).flatMap(([name, value]) => {
    if (name === 'kind') return []
    return typeof value === 'object' ? columnsOf(value) : [value]
  })
}

/** What is left when all changes are made, sorted as {@link referenceOf} is. */
function tableOf(query: AnyNexmarkQuery, results: readonly unknown[]): readonly string[] {
  const textOf = (row: unknown): string => JSON.stringify(columnsOf(row as object))
  if (query.kind === 'appending') return results.map(textOf).sort()
  const table = new Map<string, number>()
  const change = (row: unknown, by: number): void => {
    const text = textOf(row)
    table.set(text, (table.get(text) ?? 0) + by)
  }
  for (const { before, after } of results as readonly Change<unknown>[]) {
    if (before !== undefined) change(before, -1)
    change(after, 1)
  }
  const counts = [...table.values()]
  expect(counts.every((count) => count === 0 || count === 1)).toBe(true)
  return [...table].flatMap(([text, count]) => (count === 1 ? [text] : [])).sort()
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
  const KILLED = ['q3', 'q4', 'q5', 'q7', 'q8', 'q9', 'q11', 'q15', 'q18', 'q19', 'q20']
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

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DataStream } from '@millrace/engine'
import { digestSink } from '../digest/digest-sink.ts'
import { folderDigest } from '../digest/folder-digest.ts'
import { MultisetDigest } from '../digest/multiset-digest.ts'
import { RowHash } from '../digest/row-hash.ts'
import { runMeasuredJob } from '../jobs/measured-job.ts'
import type { ProgramOutcome } from '../runner/program.ts'
import { nexmarkSource } from './generator/nexmark-source.ts'
import { nexmarkEvents } from './nexmark-job.ts'
import type { AnyNexmarkQuery, AppendingQuery, Change } from './queries/nexmark-query.ts'

/**
 * Runs a query over the first events. The output is a digest of its result table, or of the files
 * that it has written.
 */
export async function runQuery(query: AnyNexmarkQuery, events: number): Promise<ProgramOutcome> {
  if (query.kind === 'appending' && query.write !== undefined) {
    return runToFiles({ ...query, write: query.write }, events)
  }
  const digest = new MultisetDigest()
  const checkpoints = await runMeasuredJob(query.name, (env) => {
    const stream = nexmarkEvents(env, nexmarkSource({ events }))
    const results = query.results(stream) as DataStream<unknown>
    results.sinkTo(digestSink(adderOf(query, digest)))
  })
  return { output: digest.text, facts: { checkpoints, rows: digest.rows } }
}

/** Reading the files again is part of the run; programs that are compared do the same. */
async function runToFiles(
  { name, results, write }: Required<AppendingQuery<unknown>>,
  events: number,
): Promise<ProgramOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nexmark-'))
  try {
    const checkpoints = await runMeasuredJob(name, (env) => {
      write(results(nexmarkEvents(env, nexmarkSource({ events }))), folder)
    })
    const digest = folderDigest(folder)
    return { output: digest.text, facts: { checkpoints, rows: digest.rows } }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Adds what a query emits to a digest. */
export function adderOf(
  { kind, hash: hashRow }: AnyNexmarkQuery,
  digest: MultisetDigest,
): (result: unknown) => void {
  const hash = new RowHash()
  const wordOf = (row: unknown): number => hashRow(row, hash.begin()).word
  if (kind === 'appending') return (row) => digest.add(wordOf(row))
  return (change) => {
    const { before, after } = change as Change<unknown>
    if (before !== undefined) digest.remove(wordOf(before))
    digest.add(wordOf(after))
  }
}

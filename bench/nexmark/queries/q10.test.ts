import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getExecutionEnvironment, rateLimited } from '@millrace/engine'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderDigest, linesOfFolder } from '../../digest/folder-digest.ts'
import { NexmarkGenerator } from '../generator/nexmark-generator.ts'
import { nexmarkSource } from '../generator/nexmark-source.ts'
import { nexmarkEvents } from '../nexmark-job.ts'
import { eventDatabase } from '../reference/event-database.ts'
import { q10 } from './q10.ts'

/** 20 seconds of event time, with midnight in it. */
const STREAM = {
  events: 5_000,
  rate: 250,
  splits: 8,
  baseTimeMs: Date.UTC(2015, 6, 15, 23, 59, 50),
}

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q10-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The lines that belong into the files, as SQLite puts them together. */
function expectedLines(): readonly string[] {
  const generator = new NexmarkGenerator({ rate: STREAM.rate, baseTimeMs: STREAM.baseTimeMs })
  const events = Array.from({ length: STREAM.events }, (_, index) => generator.event(index + 1))
  const time = (format: string): string => `strftime('${format}', dateTime / 1000, 'unixepoch')`
  return eventDatabase(events)
    .prepare(
      `SELECT 'dt=' || ${time('%Y-%m-%d')} || '/hm=' || ${time('%H:%M')} || ' ' || auction || ','
        || bidder || ',' || price || ',' || dateTime || ',' || extra FROM bid`,
    )
    .all()
    .map((row) => (row as unknown as [string])[0])
    .sort()
}

describe('Nexmark q10, files by day and minute (BEN-02)', () => {
  it('writes the lines of SQLite into the folders of SQLite', async () => {
    const env = getExecutionEnvironment().setParallelism(2).enableCheckpointing(20)
    const events = nexmarkEvents(env, rateLimited(nexmarkSource(STREAM), 20_000))
    q10.write?.(q10.results(events), folder)
    await env.execute('q10')
    const lines = linesOfFolder(folder)
    expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(2)
    expect(lines.toSorted()).toEqual(expectedLines())
    expect(folderDigest(folder).rows).toBe(lines.length)
  })
})

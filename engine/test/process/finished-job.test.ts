/// <reference types="node" />
import { fork } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const PROGRAM = join(import.meta.dirname, '../../examples/flight-delays/supervised-run.ts')

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-finished-job-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('a job that is started again after its end adds nothing', async () => {
  expect(await run()).toBe(0)
  const once = await outputFiles()
  expect(Object.keys(once).length).toBeGreaterThan(3)
  expect(await run()).toBe(0)
  expect(await outputFiles()).toEqual(once)
})

/** Runs the job to its end. */
function run(): Promise<number | null> {
  const child = fork(PROGRAM, [JSON.stringify({ folder, limit: 50_000 })])
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', resolve))
}

/** All output files by path, with their contents. */
async function outputFiles(): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {}
  for (const table of ['hourly', 'daily', 'late']) {
    for (const name of await readdir(join(folder, table)).catch(() => [])) {
      files[`${table}/${name}`] = await readFile(join(folder, table, name), 'utf8')
    }
  }
  return files
}

/// <reference types="node" />
/** What holds for every example: it is short, it is in the table, it runs as it is. */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../examples')
const MAX_LINES = 79
/** A run takes a few seconds; more only where many tests share the machine. */
const RUN_TIMEOUT_MS = 60_000

// The program of the root README is larger, and has tests of its own.
const files = readdirSync(FOLDER).filter(
  (file) => /\.ts$/.test(file) && file !== 'flight-delays.ts',
)
const readme = readFileSync(join(FOLDER, 'README.md'), 'utf8')
const run = promisify(execFile)

test('there are eleven examples', () => {
  expect(files.length).toBe(11)
})

test.each(files)('%s is short, documented and tested', (file) => {
  const source = readFileSync(join(FOLDER, file), 'utf8')
  expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(MAX_LINES)
  expect(source).toMatch(/^(\/\/\/ <reference types="node" \/>\n)?\/\*\*\n \* \S/)
  expect(source).toMatch(/\nexport function /)
  expect(existsSync(join(import.meta.dirname, file.replace(/\.ts$/, '.test.ts')))).toBe(true)
})

test.each(files)('%s is in the table, with names that it uses', (file) => {
  const name = file.replace(/\.ts$/, '')
  const row = readme.split('\n').find((line) => line.startsWith(`| [${name}](${file}) |`)) ?? ''
  const source = readFileSync(join(FOLDER, file), 'utf8')
  const names = [...row.matchAll(/`(\w+)`/g)].map(([, feature]) => feature as string)
  expect(names.length).toBeGreaterThan(1)
  expect(names.filter((feature) => !source.includes(feature))).toEqual([])
})

test.concurrent.each(files)(
  '%s runs to its end as it is, with output and without a warning',
  async (file) => {
    const { stdout, stderr } = await run(process.execPath, [join(FOLDER, file)])
    expect(stderr).toBe('')
    expect(stdout.trim().split('\n').length).toBeGreaterThanOrEqual(1)
    expect(stdout).not.toBe('')
  },
  RUN_TIMEOUT_MS,
)

test(
  'socket-word-count counts what a server at --port sends',
  async () => {
    const server = createServer((connection) => connection.end('one two\ntwo\n'))
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    const { port } = server.address() as { port: number }
    const file = join(FOLDER, 'socket-word-count.ts')
    const { stdout } = await run(process.execPath, [file, '--port', `${port}`])
    server.close()
    expect(stdout.trim().split('\n')).toEqual([
      '{"word":"one","count":1}',
      '{"word":"two","count":1}',
      '{"word":"two","count":2}',
    ])
  },
  RUN_TIMEOUT_MS,
)

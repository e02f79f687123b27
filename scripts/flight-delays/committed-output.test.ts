import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { committedOutput } from './committed-output.ts'

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'committed-output-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
}

it('reads the finished files of each table', () => {
  write('hourly/part-0-0-0123abcd', 'a\nb\n')
  write('hourly/part-1-12-0123abcd', 'c\n')
  write('daily/part-0-0-0123abcd', 'd\n')
  write('checkpoints/flight-delays/chk-1/metadata', 'not output')
  const { lines, leftovers, fileCount } = committedOutput(folder)
  expect({ ...lines, hourly: lines.hourly.toSorted() }).toEqual({
    hourly: ['a', 'b', 'c'],
    daily: ['d'],
    late: [],
  })
  expect([leftovers, fileCount]).toEqual([[], 3])
})

it('takes whatever is not finished for a leftover', () => {
  write('hourly/.part-0123456701234567-3-0123abcd.inprogress', 'a\n')
  write('late/part-0-0-0123abcd.tmp', 'b\n')
  write('daily/deep/.other', 'c\n')
  const { lines, leftovers } = committedOutput(folder)
  expect(lines).toEqual({ hourly: [], daily: [], late: [] })
  expect(leftovers.toSorted()).toEqual([
    'daily/deep/.other',
    'hourly/.part-0123456701234567-3-0123abcd.inprogress',
    'late/part-0-0-0123abcd.tmp',
  ])
})

it('finds a file that ends within a line', () => {
  write('late/part-0-0-0123abcd', 'a\nb')
  expect(committedOutput(folder).leftovers).toEqual(['late/part-0-0-0123abcd (ends within a line)'])
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { resultFile, writeResults } from './result-writer.ts'
import { resultWith } from './sample-fixture.ts'

describe('writeResults', () => {
  let root = ''

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'millrace-bench-'))
  })

  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('names a file by suite, time, commit and machine', () => {
    expect(resultFile(resultWith())).toBe('some-suite/20260102T030405Z-0123456-cafe0123.json')
    expect(resultFile(resultWith({ dirty: true }))).toContain('-0123456+-')
    expect(resultFile(resultWith({ commit: null }))).toContain('-unknown-')
  })

  it('writes all results of a run into it', () => {
    const results = [resultWith(), resultWith({ case: 'other' })]
    const file = writeResults(results, root)
    expect(JSON.parse(readFileSync(join(root, file), 'utf8'))).toEqual(results)
  })

  it('never changes a file that is there', () => {
    writeResults([resultWith()], root)
    expect(() => writeResults([resultWith({ case: 'other' })], root)).toThrow('EEXIST')
  })

  it('writes nothing that is not as the schema has it', () => {
    const wrong = { ...resultWith(), median: Number.NaN }
    expect(() => writeResults([wrong], root)).toThrow('0/median must be a finite number')
  })
})

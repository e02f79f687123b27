import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ResultFile, resultFile } from './result-writer.ts'
import { resultWith } from './sample-fixture.ts'

describe('ResultFile', () => {
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

  it('holds all results of a run', () => {
    const results = [resultWith(), resultWith({ case: 'other' })]
    const file = new ResultFile(root).write(results)
    expect(JSON.parse(readFileSync(join(root, file), 'utf8'))).toEqual(results)
  })

  it('is written again while its run goes on', () => {
    const results = [resultWith(), resultWith({ case: 'other' })]
    const file = new ResultFile(root)
    const path = join(root, file.write(results.slice(0, 1)))
    file.write(results)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(results)
    expect(readdirSync(dirname(path))).toEqual([basename(path)])
  })

  it('keeps its name, whichever case comes first', () => {
    const peer = resultWith({ case: 'peer', commit: null })
    expect(new ResultFile(root).write([peer, resultWith()])).toContain('-0123456-')
    const file = new ResultFile(root)
    const name = file.write([peer])
    expect(file.write([resultWith(), peer])).toBe(name)
  })

  it('never changes the file of another run', () => {
    new ResultFile(root).write([resultWith()])
    expect(() => new ResultFile(root).write([resultWith({ case: 'other' })])).toThrow('EEXIST')
  })

  it('holds nothing that is not as the schema has it', () => {
    const wrong = { ...resultWith(), median: Number.NaN }
    expect(() => new ResultFile(root).write([wrong])).toThrow('0/median must be a finite number')
  })
})

import { describe, expect, it } from 'vitest'
import type { CommittedOutput } from './committed-output.ts'
import { compareOutput, recordCount } from './compare-output.ts'
import type { OutputLines } from './reference.ts'
import { verdictOf } from './verdict.ts'

const right: OutputLines = {
  hourly: [
    '2001-01-01T05:00,ABE,3,30,10,20,0.333',
    '2001-01-01T05:00,JFK,2,-4,-2,0,0',
    '2001-01-01T06:00,ABE,1,7,7,7,0',
  ],
  daily: ['{"day":"2001-01-01","worst":[]}', '{"day":"2001-01-02","worst":[]}'],
  late: ['7,ABE,978325260000,400', '8,ABE,978325260000,400'],
}

const tables = ['hourly', 'daily', 'late'] as const

/** The right output with one table changed. */
function changed(
  table: keyof OutputLines,
  change: (lines: readonly string[]) => readonly string[],
): OutputLines {
  return { ...right, [table]: change(right[table]) }
}

function judged(lines: OutputLines, leftovers: readonly string[] = []) {
  const output: CommittedOutput = { lines, leftovers, fileCount: 3 }
  return verdictOf(right, output, { records: 8, kills: 3 })
}

describe('the comparison', () => {
  it('finds nothing in equal output, in whatever order', () => {
    const lines = {
      hourly: right.hourly.toReversed(),
      daily: right.daily.toReversed(),
      late: right.late.toReversed(),
    }
    expect(compareOutput(right, lines)).toEqual([])
    expect(judged(lines)).toEqual({
      isOk: true,
      details: [],
      lastLine: 'exactly-once: OK (8 records, 3 kills, 0 lost, 0 duplicated)',
    })
  })

  it.each(tables)('finds a row of %s that is lost', (table) => {
    const lines = changed(table, (all) => all.slice(1))
    const line = right[table][0]
    expect(compareOutput(right, lines)).toEqual([{ kind: 'lost', table, line }])
    expect(judged(lines)).toMatchObject({
      isOk: false,
      lastLine: expect.stringMatching(/^exactly-once: FAILED .* 1 lost, 0 duplicated, 0 different/),
    })
  })

  it.each(tables)('finds a row of %s that is there twice', (table) => {
    const line = right[table][1] as string
    const lines = changed(table, (all) => [...all, line])
    expect(compareOutput(right, lines)).toEqual([{ kind: 'duplicated', table, line }])
    expect(judged(lines).isOk).toBe(false)
  })

  it.each(tables)('finds a row of %s with another value', (table) => {
    const expected = right[table][0] as string
    const line = `${expected.slice(0, -1)}9`
    const lines = changed(table, (all) => [line, ...all.slice(1)])
    expect(compareOutput(right, lines)).toEqual([{ kind: 'different', table, line, expected }])
    const verdict = judged(lines)
    expect(verdict.isOk).toBe(false)
    expect(verdict.details[0]).toBe(`${table}: different: ${line}\n  expected: ${expected}`)
  })

  it('finds a row that the reference does not have', () => {
    const line = '2001-01-01T07:00,JFK,1,7,7,7,0'
    const lines = changed('hourly', (all) => [...all, line])
    expect(compareOutput(right, lines)).toEqual([{ kind: 'unexpected', table: 'hourly', line }])
    expect(judged(lines).lastLine).toContain('0 lost, 0 duplicated, 1 different')
  })

  it('shows the first twenty rows', () => {
    const lines = changed('late', (all) => [
      ...all,
      ...Array.from({ length: 25 }, (_, i) => `${100 + i},JFK,0,0`),
    ])
    const { details } = judged(lines)
    expect(details.filter((line) => line.startsWith('late: unexpected'))).toHaveLength(20)
    expect(details).toContain('... and 5 more rows')
  })
})

describe('the verdict', () => {
  it('does not accept files that are left over', () => {
    expect(judged(right, ['hourly/.part-1.inprogress'])).toMatchObject({
      isOk: false,
      details: ['left over: hourly/.part-1.inprogress'],
    })
  })

  it('does not accept output that accounts for too few records', () => {
    const output = { lines: right, leftovers: [], fileCount: 3 }
    const verdict = verdictOf(right, output, { records: 9, kills: 3 })
    expect(verdict.isOk).toBe(false)
    expect(verdict.details).toEqual(['the output accounts for 8 of 9'])
  })

  it('counts flights in hours and late ones', () => {
    expect(recordCount(right)).toBe(8)
  })
})

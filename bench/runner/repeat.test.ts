import { describe, expect, it } from 'vitest'
import { formatValue, interleaved, voidOf } from './repeat.ts'
import { sampleWith } from './sample-fixture.ts'
import type { ChildReport } from './suite.ts'

function reportOf(reason: string | null): ChildReport {
  const samples = { one: sampleWith(), other: sampleWith({ void: reason }) }
  return { samples, outputs: {}, facts: {} }
}

describe('interleaved', () => {
  it('takes the cases in turn', async () => {
    const taken: string[] = []
    const take = async (name: string): Promise<ChildReport> => {
      taken.push(name)
      return reportOf(null)
    }
    const reports = await interleaved(['a', 'b'], { repeats: 3, take, progress: () => {} })
    expect(taken.join('')).toBe('ababab')
    expect(reports.get('a')).toHaveLength(3)
  })

  it('takes a void sample again, and keeps it', async () => {
    const reasons = ['busy', null, null]
    const take = async (): Promise<ChildReport> => reportOf(reasons.shift() ?? null)
    const reports = await interleaved(['a'], { repeats: 2, take, progress: () => {} })
    expect(reports.get('a')?.map(voidOf)).toEqual(['busy', null, null])
  })

  it('gives up after three void samples', async () => {
    const lines: string[] = []
    const take = async (): Promise<ChildReport> => reportOf('busy')
    const reports = await interleaved(['a'], {
      repeats: 1,
      take,
      progress: (line) => lines.push(line),
    })
    expect(reports.get('a')).toHaveLength(3)
    expect(lines).toEqual(Array(3).fill('a 1/1: one 100, other 100 (void: busy)'))
  })
})

describe('an interrupted run', () => {
  it('keeps the samples so far, and takes no error of the sample it broke off', async () => {
    const controller = new AbortController()
    let taken = 0
    const take = async (): Promise<ChildReport> => {
      if (++taken < 4) return reportOf(null)
      controller.abort()
      throw new Error('the child was killed')
    }
    const options = { repeats: 3, take, progress: () => {}, signal: controller.signal }
    const reports = await interleaved(['a', 'b'], options)
    expect([...reports.values()].map((list) => list.length)).toEqual([2, 1])
  })

  it('passes on an error of a sample otherwise', async () => {
    const take = (): Promise<ChildReport> => Promise.reject(new Error('broken'))
    await expect(interleaved(['a'], { repeats: 1, take, progress: () => {} })).rejects.toThrow(
      'broken',
    )
  })
})

describe('a case of which a sample fails', () => {
  it('is left out, and the others go on', async () => {
    const taken: string[] = []
    const take = async (name: string): Promise<ChildReport> => {
      taken.push(name)
      if (name === 'b' && taken.length > 3) throw new Error('out of memory')
      return reportOf(null)
    }
    const failures: string[] = []
    const reports = await interleaved(['a', 'b', 'c'], {
      repeats: 3,
      take,
      progress: () => {},
      onFailure: (name, error) => failures.push(`${name}: ${(error as Error).message}`),
    })
    expect(taken.join('')).toBe('abcabcac')
    expect(failures).toEqual(['b: out of memory'])
    expect([...reports].map(([name, list]) => [name, list.length])).toEqual([
      ['a', 3],
      ['c', 3],
    ])
  })
})

describe('formatValue', () => {
  it('is short for every size', () => {
    expect([1.5e7, 123_456, 99, 0.31234].map(formatValue)).toEqual([
      '15.00 M',
      '123456',
      '99.000',
      '0.312',
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mix } from '../digest/mix.ts'
import type { BenchmarkResult } from './benchmark-result.ts'
import { alarmText, type HistoryAlarm, historyAlarms, judgeHistory } from './history.ts'
import { resultWith, sampleWith } from './sample-fixture.ts'

/** Ten costs around 40 that differ by up to `noise` from it, and one that is planted. */
function costsWith(factor: number, noise: number, seed: number): readonly number[] {
  const around = (place: number): number => 1 + noise * (mix(seed + place) / 2 ** 31 - 1)
  const before = Array.from({ length: 10 }, (_, place) => 40 * around(place))
  return [...before, 40 * factor * around(10)]
}

function isAlarm(costs: readonly number[]): boolean {
  const verdict = judgeHistory(costs)
  return verdict !== undefined && verdict.ratio > verdict.limit
}

describe('the last of a history (BEN-17)', () => {
  it('is an alarm if 20 % slower, and none if 3 % slower', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        expect(isAlarm(costsWith(1.2, 0.02, seed))).toBe(true)
        expect(isAlarm(costsWith(1.03, 0.02, seed))).toBe(false)
        expect(isAlarm(costsWith(0.5, 0.02, seed))).toBe(false)
      }),
      { seed: 17 },
    )
  })

  it('is judged by what was sustained, not by one lucky result', () => {
    expect(isAlarm([10, 40, 41, 40, 42, 41, 43])).toBe(false)
    expect(isAlarm([40, 40.5, 41, 60, 61, 62])).toBe(true)
  })

  it('creeping up is caught: the best counts, not the one before', () => {
    expect(isAlarm([40, 40, 40, 42, 44, 46.5])).toBe(true)
  })

  it('needs three results that agree, of the last ten', () => {
    expect(judgeHistory([40])).toBeUndefined()
    expect(judgeHistory([40, 40, 80])).toBeUndefined()
    expect(judgeHistory([40, 50, 60, 80])).toBeUndefined()
    const longAgo = [10, 10, 10, ...new Array<number>(10).fill(40)]
    expect(judgeHistory([...longAgo, 41])?.ratio).toBeCloseTo(41 / 40)
  })

  it('may differ by three deviations where results differ much', () => {
    const costs = [30, 31, 31, 40, 45, 50, 55, 60]
    expect(judgeHistory([...costs, 50])?.limit).toBeGreaterThan(1.5)
    expect(isAlarm([...costs, 45])).toBe(false)
  })
})

describe('histories of results', () => {
  const rated = (value: number, parts: Partial<BenchmarkResult> = {}): BenchmarkResult => ({
    ...resultWith({ samples: [sampleWith({ value })] }),
    ...parts,
  })
  const steady = [100, 101, 99, 100].map((value) => rated(value))

  it('tell the case that became slower, by its normalised score', () => {
    expect(historyAlarms([...steady, rated(98)])).toEqual([])
    const [alarm] = historyAlarms([...steady, rated(75)])
    expect(alarm).toMatchObject({ suite: 'some-suite', case: 'some-case', limit: 1.15 })
    expect(alarm?.ratio).toBeCloseTo(101 / 75)
    expect(alarmText(alarm as HistoryAlarm)).toBe(
      'alarm some-suite some-case (millrace): 1.35 times the best sustained score, at most 1.15',
    )
    const slowMachine = sampleWith({ value: 75, calibrationCpuNs: (2 * 101) / 75 })
    expect(historyAlarms([...steady, resultWith({ samples: [slowMachine] })])).toEqual([])
  })

  it('are of one machine, Node, and parameters', () => {
    const slow = rated(50)
    const machine = { ...slow.machine, cpuModel: 'another' }
    const node = { ...slow.machine, node: '26.0.0' }
    for (const other of [{ machine }, { machine: node }, { parameters: { records: 1 } }]) {
      expect(historyAlarms([...steady, { ...slow, ...other }])).toEqual([])
    }
    const patched = {
      ...slow,
      machine: { ...slow.machine, fingerprint: 'b', node: '24.9.1', v8: '13.7' },
    }
    expect(historyAlarms([...steady, patched])).toHaveLength(1)
  })

  it('know that a higher ratio is better', () => {
    const ratio = (value: number): BenchmarkResult =>
      resultWith({ unit: 'ratio', samples: [sampleWith({ value })] })
    const history = [0.5, 0.5, 0.5].map(ratio)
    expect(historyAlarms([...history, ratio(0.9)])).toEqual([])
    expect(historyAlarms([...history, ratio(0.4)])).toHaveLength(1)
  })

  it('leave out wrong outputs, and what was measured on a busy machine only', () => {
    const busy = resultWith({ samples: [sampleWith({ value: 50, void: 'busy' })] })
    expect(historyAlarms([...steady, busy])).toEqual([])
    const verification = { status: 'FAILED', outputHash: null, reference: '' } as const
    expect(historyAlarms([...steady, rated(50, { verification })])).toEqual([])
  })
})

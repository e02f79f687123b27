import { describe, expect, it } from 'vitest'
import { killPlan } from './kill-plan.ts'
import { runOptions, UsageError } from './run-options.ts'

describe('a plan', () => {
  it('follows from its seed', () => {
    expect(killPlan(7, 3, 1_000_000)).toEqual(killPlan(7, 3, 1_000_000))
    expect(killPlan(7, 3, 1_000_000)).not.toEqual(killPlan(8, 3, 1_000_000))
  })

  it('is in order, within the run and spread over it', () => {
    const points = Array.from({ length: 200 }, (_, seed) => killPlan(seed, 3, 1_000))
    for (const plan of points) {
      const records = plan.map((point) => point.records)
      expect(records).toEqual(records.toSorted((left, right) => left - right))
      expect(plan).toHaveLength(3)
    }
    const records = points.flat().map((point) => point.records)
    expect(Math.min(...records)).toBeGreaterThanOrEqual(20)
    expect(Math.min(...records)).toBeLessThan(60)
    expect(Math.max(...records)).toBeLessThanOrEqual(880)
    expect(Math.max(...records)).toBeGreaterThan(840)
    const afterMs = points.flat().map((point) => point.afterMs)
    expect([Math.min(...afterMs), Math.max(...afterMs)]).toEqual([0, 59])
  })
})

describe('the command line', () => {
  it('has defaults, and a seed that can be repeated', () => {
    const { seed, replay, ...rest } = runOptions([])
    expect(replay).toBe(`npm start -- --seed ${seed}`)
    expect(runOptions(['--seed', String(seed)]).seed).toBe(seed)
    expect(rest).toEqual({
      records: 3_000_000,
      rate: 300_000,
      kills: 3,
      folder: undefined,
      keep: false,
    })
  })

  it('names in the replay what was changed', () => {
    const { replay, rate } = runOptions(['--records', '500', '--rate', '0', '--seed', '4'])
    expect(replay).toBe('npm start -- --seed 4 --records 500 --rate 0')
    expect(rate).toBeUndefined()
  })

  it.each([['--seed', 'x'], ['--records', '0'], ['--kills', '-1'], ['--other'], ['extra']])(
    'refuses %s %s',
    (...args) => {
      expect(() => runOptions(args)).toThrow(UsageError)
    },
  )
})

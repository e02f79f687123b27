import { describe, expect, it } from 'vitest'
import { mix } from '../digest/mix.ts'
import { judgePairs } from './regression.ts'

/** Ratios of pairs around `ratio`, each off by up to `noise` up or down. */
function pairsAround(ratio: number, noise: number, seed: number): readonly number[] {
  return Array.from({ length: 5 }, (_, index) => {
    const share = mix(seed * 100 + index) / 2 ** 31 - 1
    return ratio * (1 + noise * share)
  })
}

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed)

describe('the regression rule (BEN-17)', () => {
  it('catches a slow-down by 20 % among pairs that differ by 4 %', () => {
    const caught = SEEDS.filter((seed) => judgePairs(pairsAround(1.2, 0.04, seed)).isRegression)
    expect(caught).toHaveLength(SEEDS.length)
  })

  it('does not alarm at 3 %, nor at none, nor at a gain', () => {
    const alarms = SEEDS.flatMap((seed) =>
      [1.03, 1, 0.8].map((ratio) => judgePairs(pairsAround(ratio, 0.04, seed))),
    ).filter(({ isRegression }) => isRegression)
    expect(alarms).toEqual([])
  })

  it('never alarms three times in a row by chance, at 3 % among pairs that differ by 10 %', () => {
    const isAlarm = (seed: number): boolean => judgePairs(pairsAround(1.03, 0.1, seed)).isRegression
    const confirmed = SEEDS.filter((seed) => [0, 1, 2].every((try_) => isAlarm(seed * 3 + try_)))
    expect(confirmed).toEqual([])
  })

  it('asks for more than the spread of the pairs', () => {
    expect(judgePairs([0.9, 1.12, 1.15, 1.3, 1.5]).isRegression).toBe(false)
    expect(judgePairs([1.14, 1.15, 1.15, 1.16, 1.17]).isRegression).toBe(true)
  })

  it('gives an interval around the ratio, the same each time', () => {
    const pairs = pairsAround(1.2, 0.04, 1)
    const { ratio, interval } = judgePairs(pairs)
    expect(interval[0]).toBeLessThanOrEqual(ratio)
    expect(interval[1]).toBeGreaterThanOrEqual(ratio)
    expect(judgePairs(pairs).interval).toEqual(interval)
  })
})

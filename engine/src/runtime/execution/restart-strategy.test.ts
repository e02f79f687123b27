import { describe, expect, test } from 'vitest'
import { Configuration } from '../../core/config/configuration.ts'
import {
  exponentialDelayRestart,
  failureRateRestart,
  fixedDelayRestart,
  noRestart,
  restartStrategyOf,
} from './restart-strategy.ts'

describe('restart strategies on a fake clock (REC-01)', () => {
  test('none never restarts', () => {
    expect(noRestart().onFailure(0)).toBeUndefined()
  })

  test('fixed delay restarts as often as told, always after the same time', () => {
    const strategy = fixedDelayRestart(2, 500)
    expect([0, 1, 2].map((nowMs) => strategy.onFailure(nowMs))).toEqual([500, 500, undefined])
  })

  test('failure rate gives up when too many failures fall into one interval', () => {
    const strategy = failureRateRestart(2, 1_000, 10)
    expect([0, 600, 1_100, 1_200].map((nowMs) => strategy.onFailure(nowMs))).toEqual([
      10,
      10,
      10,
      undefined,
    ])
  })

  test('exponential delay grows by half up to its bound and starts anew after a quiet time', () => {
    const strategy = exponentialDelayRestart({
      initialMs: 100,
      maxMs: 200,
      resetThresholdMs: 10_000,
      attempts: 10,
    })
    expect([0, 200, 400, 700, 20_000].map((nowMs) => strategy.onFailure(nowMs))).toEqual([
      100, 150, 200, 200, 100,
    ])
  })

  test('exponential delay gives up after its attempts', () => {
    const strategy = exponentialDelayRestart({
      initialMs: 1,
      maxMs: 1,
      resetThresholdMs: 1_000,
      attempts: 2,
    })
    expect([0, 1, 2].map((nowMs) => strategy.onFailure(nowMs))).toEqual([1, 1, undefined])
  })

  test('auto restarts exactly when checkpoints are on', () => {
    const off = new Configuration()
    const on = new Configuration({ code: { 'execution.checkpointing.interval': '1 s' } })
    expect(restartStrategyOf(off).onFailure(0)).toBeUndefined()
    expect(restartStrategyOf(on).onFailure(0)).toBe(1_000)
  })
})

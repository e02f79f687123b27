import { describe, expect, test } from 'vitest'
import type { Env } from '../../src/env/env.ts'
import type { Environment } from './environments.ts'

/** What every Clock, Timers and Executor do. */
export function clockTimersContract(environment: Environment): void {
  const on = (name: string, main: (env: Env) => Promise<void>): void => {
    test(name, () => environment.run(main))
  }
  describe(`Clock, Timers, Executor contract: ${environment.name}`, () => {
    clockCases(on)
    timerCases(on)
    executorCases(on)
  })
}

type On = (name: string, main: (env: Env) => Promise<void>) => void

function clockCases(on: On): void {
  on('monotonic time never goes back, wall time is whole milliseconds', async (env) => {
    let lastMs = env.clock.monotonicMs()
    for (let index = 0; index < 20; index++) {
      await env.executor.yieldSlice()
      const nowMs = env.clock.monotonicMs()
      expect(nowMs).toBeGreaterThanOrEqual(lastMs)
      lastMs = nowMs
    }
    expect(env.clock.nowMs()).toBe(Math.floor(env.clock.nowMs()))
    expect(env.clock.nowMs()).toBeGreaterThan(1_700_000_000_000)
  })
}

function timerCases(on: On): void {
  on('no timer fires before its deadline, nor synchronously', async (env) => {
    for (const delayMs of [-1000, 0, 1, 2, 3.5, 7]) {
      const atMs = env.clock.nowMs() + delayMs
      let isFired = false
      const fired = new Promise<number>((resolve) => {
        env.timers.schedule(atMs, () => {
          isFired = true
          resolve(env.clock.nowMs())
        })
      })
      expect(isFired).toBe(false)
      expect(await fired).toBeGreaterThanOrEqual(atMs)
    }
  })

  on('earlier deadlines come first, equal ones in the order of scheduling', async (env) => {
    const startMs = env.clock.nowMs()
    const order: string[] = []
    const at = (delayMs: number, name: string): void => {
      env.timers.schedule(startMs + delayMs, () => order.push(name))
    }
    at(12, 'late')
    for (let index = 0; index < 10; index++) {
      at(8, `even ${index}`)
      at(4, `early ${index}`)
    }
    await env.executor.yieldSlice()
    at(8, 'even 10')
    at(4, 'early 10')
    await new Promise<void>((resolve) => env.timers.schedule(startMs + 13, resolve))
    const numbers = Array.from({ length: 11 }, (_, index) => index)
    const early = numbers.map((index) => `early ${index}`)
    const even = numbers.map((index) => `even ${index}`)
    expect(order).toEqual([...early, ...even, 'late'])
  })

  on('a canceled timer does not fire, not even at the last moment', async (env) => {
    const atMs = env.clock.nowMs() + 4
    const fired: string[] = []
    const far = env.timers.schedule(atMs + 4_000_000_000, () => fired.push('far'))
    const early = env.timers.schedule(atMs - 1, () => fired.push('early'))
    env.timers.schedule(atMs, () => {
      fired.push('first')
      second.cancel()
    })
    const second = env.timers.schedule(atMs, () => fired.push('second'))
    early.cancel()
    early.cancel()
    await new Promise<void>((resolve) => env.timers.schedule(atMs + 1, resolve))
    far.cancel()
    second.cancel()
    expect(fired).toEqual(['first'])
  })

  on('microtasks of a timer run before the next timer', async (env) => {
    const atMs = env.clock.nowMs() + 2
    const order: string[] = []
    env.timers.schedule(atMs, () => {
      void Promise.resolve()
        .then(() => order.push('microtask'))
        .then(() => order.push('its microtask'))
    })
    await new Promise<void>((resolve) => env.timers.schedule(atMs, resolve))
    expect(order).toEqual(['microtask', 'its microtask'])
  })
}

function executorCases(on: On): void {
  on('every task runs once, never synchronously, its microtasks before the next', async (env) => {
    let running = 0
    let synchronously = true
    const counts = new Array<number>(200).fill(0)
    const done = new Promise<void>((resolve) => {
      let left = counts.length
      for (let index = 0; index < counts.length; index++) {
        env.executor.post(() => {
          expect(synchronously).toBe(false)
          expect(running).toBe(0)
          running++
          void Promise.resolve()
            .then(() => {})
            .then(() => {
              running--
              counts[index] = (counts[index] as number) + 1
              if (--left === 0) resolve()
            })
        })
      }
    })
    synchronously = false
    await done
    expect(counts.every((count) => count === 1)).toBe(true)
  })

  on('a task that posts itself again does not keep timers from firing', async (env) => {
    let isFired = false
    env.timers.schedule(env.clock.nowMs() + 1, () => {
      isFired = true
    })
    // In simulated time ten thousand tasks take about a millisecond.
    while (!isFired) await env.executor.yieldSlice()
  })
}

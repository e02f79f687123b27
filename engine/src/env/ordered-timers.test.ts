import { expect, test } from 'vitest'
import { OrderedTimers } from './ordered-timers.ts'

/** A platform whose time only moves when the test says so, and whose timers are 1 ms early. */
class ManualPlatform {
  wallMs = 1000
  armed: { readonly atMs: number; readonly run: () => void } | undefined
  readonly sleeps: number[] = []
  readonly nowMs = (): number => this.wallMs
  readonly post = (run: () => void): void => run()

  readonly arm = (delayMs: number, run: () => void): (() => void) => {
    const armed = { atMs: this.wallMs + Math.max(0, delayMs - 1), run }
    this.sleeps.push(delayMs)
    this.armed = armed
    return () => {
      if (this.armed === armed) this.armed = undefined
    }
  }

  /** Lets the platform's timer fire until nothing is armed before `wallMs`. */
  advanceTo(wallMs: number): void {
    while (this.armed !== undefined && this.armed.atMs <= wallMs) {
      const { atMs, run } = this.armed
      if (this.armed.atMs > this.wallMs) this.wallMs = atMs
      else if (this.sleeps.at(-1) === 1) this.wallMs++
      this.armed = undefined
      run()
    }
    this.wallMs = wallMs
  }
}

function setUp(): { platform: ManualPlatform; timers: OrderedTimers; fired: string[] } {
  const platform = new ManualPlatform()
  return { platform, timers: new OrderedTimers(platform), fired: [] }
}

test('does not fire before the deadline although the platform wakes it early', () => {
  const { platform, timers } = setUp()
  let firedMs = 0
  timers.schedule(1050, () => {
    firedMs = platform.wallMs
  })
  platform.advanceTo(1060)
  expect(firedMs).toBe(1050)
})

test('a delay beyond 2^31 ms is slept in pieces', () => {
  const { platform, timers } = setUp()
  const atMs = 1000 + 2 ** 31 + 5000
  let isFired = false
  timers.schedule(atMs, () => {
    isFired = true
  })
  platform.advanceTo(1000 + 60_000)
  expect(isFired).toBe(false)
  expect(Math.max(...platform.sleeps)).toBe(10_000)
  platform.wallMs = atMs - 3
  platform.advanceTo(atMs)
  expect(isFired).toBe(true)
})

test('notices within seconds that the wall clock was set forward', () => {
  const { platform, timers, fired } = setUp()
  timers.schedule(1000 + 3_600_000, () => fired.push('hour'))
  platform.armed = { atMs: 11_000, run: platform.armed?.run as () => void }
  platform.wallMs = 4_000_000
  platform.advanceTo(4_000_000)
  expect(fired).toEqual(['hour'])
})

test('an earlier timer comes first although it was scheduled later', () => {
  const { platform, timers, fired } = setUp()
  timers.schedule(1300, () => fired.push('c'))
  timers.schedule(1200, () => fired.push('a'))
  timers.schedule(1200, () => fired.push('b'))
  platform.advanceTo(1400)
  expect(fired).toEqual(['a', 'b', 'c'])
})

test('with all timers canceled nothing stays armed, so that a process may end', () => {
  const { platform, timers, fired } = setUp()
  const scheduled = Array.from({ length: 100 }, (_, index) =>
    timers.schedule(1010 + index, () => fired.push('never')),
  )
  for (const timer of scheduled) timer.cancel()
  expect(platform.armed).toBeUndefined()
  timers.schedule(1020, () => fired.push('alive'))
  platform.advanceTo(2000)
  expect(fired).toEqual(['alive'])
})

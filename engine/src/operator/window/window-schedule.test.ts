import fc from 'fast-check'
import { expect, test } from 'vitest'
import { TimeWindow } from './time-window.ts'
import { type ScheduledWindow, WindowSchedule } from './window-schedule.ts'

test('property: each window fires once and is given up once, in the order of time', () => {
  const windows = fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 12 })
  const lateness = fc.integer({ min: 0, max: 10 })
  const watermarks = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 })
  fc.assert(
    fc.property(windows, lateness, watermarks, (ends, latenessMs, steps) => {
      const schedule = new WindowSchedule<ScheduledWindow>()
      const log: { readonly what: string; readonly end: number; readonly at: number }[] = []
      const advanceTo = (watermarkMs: number): void =>
        schedule.advance(
          watermarkMs,
          ({ window }) => log.push({ what: 'fire', end: window.endMs, at: window.endMs - 1 }),
          ({ window, cleanupMs }) => log.push({ what: 'end', end: window.endMs, at: cleanupMs }),
        )
      for (const endMs of ends) {
        const window = new TimeWindow(0, endMs)
        schedule.add({ window, cleanupMs: window.maxTimestampMs + latenessMs }, -1)
      }
      for (const watermarkMs of [...steps].sort((a, b) => a - b)) {
        const before = log.length
        advanceTo(watermarkMs)
        for (const { at } of log.slice(before)) expect(at).toBeLessThanOrEqual(watermarkMs)
        const due = ends.filter((endMs) => endMs - 1 <= watermarkMs).length
        const over = ends.filter((endMs) => endMs - 1 + latenessMs <= watermarkMs).length
        expect(log.filter(({ what }) => what === 'fire')).toHaveLength(due)
        expect(log.filter(({ what }) => what === 'end')).toHaveLength(over)
      }
      const times = log.map(({ at }) => at)
      expect(times).toEqual([...times].sort((a, b) => a - b))
    }),
    { seed: 11 },
  )
})

test('a window that comes when the watermark has passed its end counts as fired', () => {
  const schedule = new WindowSchedule<ScheduledWindow>()
  schedule.add({ window: new TimeWindow(0, 10), cleanupMs: 30 }, 15)
  const log: string[] = []
  schedule.advance(
    40,
    () => log.push('fire'),
    () => log.push('end'),
  )
  expect(log).toEqual(['end'])
})

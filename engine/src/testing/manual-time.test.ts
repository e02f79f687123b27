import { expect, test } from 'vitest'
import { ManualTime } from './manual-time.ts'

test('fires what is due in order of time, then of scheduling, at the moment it is due', () => {
  const time = new ManualTime(100)
  const fired: string[] = []
  const at = (atMs: number, name: string) =>
    time.schedule(atMs, () => fired.push(`${name}@${time.nowMs()}`))
  at(300, 'c')
  at(200, 'a')
  at(200, 'b')
  at(50, 'past')
  at(301, 'later')
  at(250, 'canceled').cancel()
  time.advanceTo(300)
  expect(fired).toEqual(['past@100', 'a@200', 'b@200', 'c@300'])
  expect([time.nowMs(), time.monotonicMs()]).toEqual([300, 300])
})

test('also fires what a timer schedules on the way, and runs mail in between', () => {
  const time = new ManualTime()
  const log: string[] = []
  time.schedule(10, () => {
    log.push('first')
    time.schedule(20, () => log.push('second'))
  })
  time.advanceTo(20, () => log.push('mail'))
  expect(log).toEqual(['first', 'mail', 'second', 'mail'])
})

test('does not go back', () => {
  const time = new ManualTime(5)
  expect(() => time.advanceTo(4)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
  expect(() => time.advanceTo(Number.NaN)).toThrow(/cannot go back/)
})

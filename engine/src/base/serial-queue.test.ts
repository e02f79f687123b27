import { expect, test } from 'vitest'
import { SerialQueue } from './serial-queue.ts'

test('calls run one at a time in order, and a failure stops nobody else', async () => {
  const queue = new SerialQueue()
  const log: string[] = []
  const call = (name: string, turns: number, fails = false) =>
    queue.run(async () => {
      log.push(`${name} begins`)
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      log.push(`${name} ends`)
      if (fails) throw new Error(name)
      return name
    })
  const results = await Promise.allSettled([call('a', 9), call('b', 1, true), call('c', 0)])
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends'])
  expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(await call('d', 1)).toBe('d')
})

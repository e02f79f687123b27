/// <reference types="node" />
import { expect, test } from 'vitest'
import { macrotaskLoop } from './macrotask-loop.ts'

test('all microtasks of one step run before the next, over many batches', async () => {
  let open = 0
  let steps = 0
  let overlaps = 0
  await macrotaskLoop(() => {
    if (open !== 0) overlaps++
    open++
    void Promise.resolve()
      .then(() => {})
      .then(() => open--)
    return ++steps < 1000
  })
  expect([steps, overlaps]).toEqual([1000, 0])
})

test('ends with the error of a step, and calls nothing afterwards', async () => {
  let steps = 0
  const loop = macrotaskLoop(() => {
    if (++steps === 3) throw new Error('third')
    return true
  })
  await expect(loop).rejects.toThrow('third')
  for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(steps).toBe(3)
  const immediates = process.getActiveResourcesInfo().filter((name) => name === 'Immediate')
  expect(immediates).toEqual([])
})

/// <reference types="node" />
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { nodeEnv } from './node-env.ts'

const module = fileURLToPath(new URL('node-env.ts', import.meta.url))

/**
 * What a program prints that has `env` and notes uncaught exceptions; runs until it ends itself.
 */
function outputOf(program: string): Promise<string> {
  const source = `
    import { nodeEnv } from ${JSON.stringify(module)}
    const env = nodeEnv()
    const say = (text) => process.stdout.write(text + ' ')
    process.on('uncaughtException', (error) => say('[' + error.message + ']'))
    ${program}`
  const args = ['--input-type=module', '-e', source]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { timeout: 20_000 }, (error, stdout) => {
      if (error) reject(error)
      else resolve(stdout.trim())
    })
  })
}

test('an exception in a task or timer is uncaught, and the others run all the same', async () => {
  const output = await outputOf(`
    env.executor.post(() => say('task'))
    env.executor.post(() => { throw new Error('bad task') })
    env.executor.post(() => say('next task'))
    const atMs = env.clock.nowMs() + 30
    env.timers.schedule(atMs, () => { throw new Error('bad timer') })
    env.timers.schedule(atMs, () => say('next timer'))`)
  expect(output).toBe('task [bad task] next task [bad timer] next timer')
})

test('a waiting timer keeps the process alive, a canceled one does not', async () => {
  const output = await outputOf(`
    env.timers.schedule(env.clock.nowMs() + 60, () => say('fired'))
    env.timers.schedule(env.clock.nowMs() + 40_000_000_000, () => say('far')).cancel()`)
  expect(output).toBe('fired')
})

test('tasks run in the order they were posted in', async () => {
  const { executor } = nodeEnv()
  const order: number[] = []
  for (let index = 0; index < 100; index++) executor.post(() => order.push(index))
  await executor.yieldSlice()
  expect(order).toEqual(Array.from({ length: 100 }, (_, index) => index))
})

test('random repeats with a seed and differs without', () => {
  expect(nodeEnv({ seed: 9 }).random.uuid()).toBe(nodeEnv({ seed: 9 }).random.uuid())
  expect(nodeEnv().random.uuid()).not.toBe(nodeEnv().random.uuid())
  expect(nodeEnv({ seed: 9 }).random.buggify('any')).toBe(false)
})

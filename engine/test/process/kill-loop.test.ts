/// <reference types="node" />
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Supervisor } from './supervisor.ts'

/** A slice of the data, slow enough that each kill finds the job at work. */
const SLICE = ['--records', '300000', '--rate', '75000']

const runs = Array.from({ length: 20 }, () => {
  const args = ['--seed', String(randomInt(1_000_000)), ...SLICE]
  return [`npm start -- ${args.join(' ')}`, args] as const
})

describe.concurrent('a job that is killed three times leaves each result once', () => {
  test.each(runs)('%s', async (_, args) => {
    const supervisor = await Supervisor.start(args)
    const { code, lastLine, leftovers, output } = await supervisor.ended
    const expected = 'exactly-once: OK (300000 records, 3 kills, 0 lost, 0 duplicated)'
    expect({ lastLine, code, leftovers }, output).toEqual({
      lastLine: expected,
      code: 0,
      leftovers: [],
    })
  })
})

test('all flights', async () => {
  const supervisor = await Supervisor.start([])
  const { code, lastLine, leftovers, output } = await supervisor.ended
  const expected = 'exactly-once: OK (3000000 records, 3 kills, 0 lost, 0 duplicated)'
  expect({ lastLine, code, leftovers }, output).toEqual({
    lastLine: expected,
    code: 0,
    leftovers: [],
  })
})

describe('a run that is stopped', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s leaves no process and no file', async (signal, expectedCode) => {
    const supervisor = await Supervisor.start(SLICE)
    await supervisor.wrote('watermark 2001')
    const children = childrenOf(supervisor.process.pid as number)
    expect(children).toHaveLength(1)
    supervisor.process.kill(signal)
    const { code, leftovers, output } = await supervisor.ended
    expect({ code, leftovers }, output).toEqual({ code: expectedCode, leftovers: [] })
    expect(children.filter(isAlive)).toEqual([])
  })

  test('by SIGKILL leaves no process', async () => {
    const supervisor = await Supervisor.start(SLICE)
    await supervisor.wrote('watermark 2001')
    const children = childrenOf(supervisor.process.pid as number)
    expect(children).toHaveLength(1)
    supervisor.process.kill('SIGKILL')
    await supervisor.ended
    await expect.poll(() => children.filter(isAlive), { timeout: 10_000 }).toEqual([])
  })
})

function childrenOf(pid: number): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
  return text.split(' ').filter(Boolean).map(Number)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { descendantUsage, parseStat, sumDescendants } from './process-tree.ts'

/** A line as Linux prints it: state, parent, six others, user, system and children's ticks. */
function statLine(pid: number, parent: number, [user, system, reaped]: readonly number[]): string {
  const before = `${pid} (a (b) c) S ${parent} 1 1 0 -1 4194560 5 6 7 8`
  return `${before} ${user} ${system} ${reaped} 0 20 0 1 0 100 1000 25 18446744073709551615`
}

describe('the process tree', () => {
  it('reads times and memory', () => {
    expect(parseStat(statLine(7, 3, [10, 5, 2]))).toEqual({
      pid: 7,
      parent: 3,
      ticks: 15,
      reapedTicks: 2,
      rssBytes: 25 * 4_096,
    })
    expect(parseStat('')).toBeUndefined()
  })

  it('adds up children, their children, and children that have ended', () => {
    const lines = [
      statLine(12, 11, [100, 0, 0]),
      statLine(10, 1, [999, 0, 50]),
      statLine(11, 10, [30, 20, 5]),
      statLine(13, 1, [999, 0, 0]),
    ]
    const processes = lines.map(parseStat).filter((usage) => usage !== undefined)
    expect(sumDescendants(10, processes)).toEqual({ cpuSeconds: 2.05, rssBytes: 2 * 25 * 4_096 })
  })

  // Only Linux has /proc; elsewhere the usage is that of the process itself.
  it.runIf(process.platform === 'linux')('sees a child process and its end', async () => {
    const before = descendantUsage()
    // By its own clock: on a busy machine it gets less than that of the wall.
    const busy = 'while (process.cpuUsage().user < 150_000);'
    const child = spawn(process.execPath, ['-e', `${busy} process.stdin.resume()`])
    await once(child, 'spawn')
    expect(descendantUsage().rssBytes).toBeGreaterThan(before.rssBytes)
    child.stdin.end()
    await once(child, 'exit')
    expect(descendantUsage().cpuSeconds).toBeGreaterThanOrEqual(before.cpuSeconds + 0.1)
  })
})

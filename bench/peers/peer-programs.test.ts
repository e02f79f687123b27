import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Program } from '../runner/program.ts'
import { peerPrograms } from './peer-programs.ts'
import { PEERS } from './peers.ts'

/** Asks for peers where none is installed. @returns what was told */
function skipped(asked: readonly string[], names: readonly string[]): readonly string[] {
  const told: string[] = []
  const notCalled = (): never => expect.unreachable('the peer is not there')
  const programsOf = Object.fromEntries(names.map((name) => [name, notCalled]))
  const programs = peerPrograms({ asked, progress: (line) => told.push(line) }, programsOf)
  expect(programs).toEqual([])
  return told
}

describe('the programs of peers', () => {
  beforeEach(() => vi.stubEnv('MILLRACE_PEERS_DIR', '/nowhere'))
  afterEach(() => vi.unstubAllEnvs())

  it('are none where nobody asks', () => {
    expect(skipped([], ['flink'])).toEqual([])
  })

  it('are skipped with the reason if a peer is not installed', () => {
    expect(skipped(['hazelcast', 'hazelcast'], ['hazelcast', 'timely'])).toEqual([
      'hazelcast: SKIPPED, not installed; `pnpm bench peers install hazelcast` does that',
    ])
  })

  it('are those of the suite if all are asked for', () => {
    const told = skipped(['all'], ['flink', 'hazelcast'])
    expect(told.map((line) => line.split(',')[0])).toEqual(['flink: SKIPPED', 'hazelcast: SKIPPED'])
  })

  it('are skipped if the suite has none of the peer, or there is no such peer', () => {
    expect(skipped(['flink', 'storm'], ['timely'])).toEqual([
      'flink: SKIPPED, it has no program for this suite',
      'storm: SKIPPED, there is no such peer',
    ])
  })

  it('say where there is no cargo', () => {
    vi.stubEnv('PATH', '/nowhere')
    expect(PEERS.get('timely')?.missing()).toBe('there is no cargo on the path to build it with')
  })

  it('are made if the peer is there', () => {
    const timely = PEERS.get('timely')
    if (timely === undefined) throw new Error('there is no peer timely')
    const missing = vi.spyOn(timely, 'missing').mockReturnValue(undefined)
    const program = { name: 'timely-1' } as Program
    const made = peerPrograms(
      { asked: ['timely'], progress: () => expect.unreachable('it is there') },
      { timely: () => [program] },
    )
    expect(made).toEqual([program])
    missing.mockRestore()
  })
})

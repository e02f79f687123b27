import { describe, expect, test } from 'vitest'
import { fileSink } from '../../src/connector/file-sink/file-sink.ts'
import type { CheckpointStatistics, JobClient } from '../../src/index.ts'
import { datagenSource } from '../../src/index.ts'
import type { SimProcess } from '../../src/testing/sim/sim-process.ts'
import { ArraySink } from './array-sink.ts'
import { pass, passUntil, readText, type Settings, SimHost } from './run-in-sim.ts'

const QUOTA = 100_000

/** Takes all space of the disk but `leftBytes`. Returns how to give it back. */
async function fillDisk(process: SimProcess, leftBytes: number): Promise<() => Promise<void>> {
  const { fileSystem } = process
  const file = await fileSystem.create('/filler')
  await file.append(new Uint8Array(QUOTA - process.machine.disk.usedBytes - leftBytes))
  await file.close()
  return () => fileSystem.remove('/filler')
}

const durable = {
  'execution.checkpointing.interval': 1_000,
  'execution.checkpointing.dir': '/checkpoints',
  'restart-strategy.type': 'none',
}

/** A job that takes a checkpoint, loses all space, takes two more, and gets space again. */
async function withFullDisk(settings: Settings): Promise<{
  readonly states: readonly string[]
  readonly checkpoints: readonly CheckpointStatistics[]
  readonly error: unknown
}> {
  const host = new SimHost({ faults: { fileSystem: { quotaBytes: QUOTA } } })
  return host.run(
    async (env, process) => {
      const source = datagenSource({ generate: (index) => index, ratePerSecond: 100 })
      env
        .fromSource(source)
        .keyBy((n) => n % 5)
        .sum()
        .sinkTo(new ArraySink())
      const client = await env.executeAsync('full')
      let error: unknown
      client.result().catch((reason) => {
        error = reason
      })
      await pass(process, 1_500)
      const free = await fillDisk(process, 40)
      await pass(process, 2_000)
      await free()
      await pass(process, 2_000)
      const states = client.stateHistory().map(({ state }) => state)
      return { states, checkpoints: client.checkpoints(), error }
    },
    { ...durable, ...settings },
  )
}

describe('the disk is full during a checkpoint', () => {
  test('the checkpoint fails with the reason; tolerated, the job runs on and the next completes', async () => {
    const { states, checkpoints } = await withFullDisk({
      'execution.checkpointing.tolerable-failed-checkpoints': 3,
    })
    expect(states).toEqual(['CREATED', 'RUNNING'])
    expect(checkpoints.map(({ status }) => status)).toEqual([
      'COMPLETED',
      'FAILED',
      'FAILED',
      'COMPLETED',
      'COMPLETED',
    ])
    expect(checkpoints[1]?.failure).toMatch(/ENOSPC/)
  })

  test('not tolerated, the job fails and says why', async () => {
    const { states, error } = await withFullDisk({})
    expect(states.at(-1)).toBe('FAILED')
    expect(error).toMatchObject({
      code: 'JOB_FAILED',
      message: expect.stringMatching(/checkpoint 2 failed: .*ENOSPC.*1 in a row, 0 are tolerated/s),
    })
  })

  test('with restarts it recovers when there is space again', async () => {
    const { states, checkpoints } = await withFullDisk({
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': 10,
      'restart-strategy.fixed-delay.delay': 100,
    })
    expect(states.at(-1)).toBe('RUNNING')
    expect(states).toContain('RESTARTING')
    expect(checkpoints.at(-1)?.status).toBe('COMPLETED')
  })
})

describe('the disk is full in the file sink', () => {
  const rows = 400
  const encode = (n: number): string => `row ${String(n).padStart(4, '0')} ${'x'.repeat(20)}\n`

  async function writing(settings: Settings): Promise<{
    readonly client: JobClient
    readonly error: unknown
    readonly text: string
  }> {
    const host = new SimHost({ faults: { fileSystem: { quotaBytes: QUOTA } } })
    const outcome = await host.run(
      async (env, process) => {
        const count = rows
        const source = datagenSource({ generate: (index) => index, ratePerSecond: 100, count })
        // Checkpoints are in memory: what fails is the sink.
        env.fromSource(source).sinkTo(fileSink({ path: '/out', encode }))
        const client = await env.executeAsync('writing')
        let error: unknown
        let over = false
        client.result().then(
          () => {
            over = true
          },
          (reason) => {
            error = reason
            over = true
          },
        )
        await pass(process, 1_700) // between two writes of the sink
        const free = await fillDisk(process, 1_000)
        await pass(process, 1_500)
        await free()
        await passUntil(process, () => over)
        return { client, error }
      },
      { 'execution.checkpointing.interval': 500, ...settings },
    )
    const visible = (await host.files('/out')).filter((path) => !path.includes('/.'))
    const texts = await host.run((_, process) =>
      Promise.all(visible.map((path) => readText(process, path))),
    )
    return { ...outcome, text: texts.join('') }
  }

  test('fails the job with path and reason; what is visible stays whole', async () => {
    const { error, text } = await writing({ 'restart-strategy.type': 'none' })
    expect(error).toMatchObject({
      code: 'JOB_FAILED',
      message: expect.stringMatching(/\/out.*ENOSPC|ENOSPC.*\/out/s),
    })
    expect(text).toMatch(/^(row \d{4} x{20}\n)+$/)
  })

  test('with restarts every row is there once when there is space again', async () => {
    const { error, text, client } = await writing({
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': 100,
      'restart-strategy.fixed-delay.delay': 100,
    })
    expect(error).toBeUndefined()
    expect(client.stateHistory().map(({ state }) => state)).toContain('RESTARTING')
    const lines = text.split('\n').slice(0, -1).sort()
    expect(lines.map((line) => Number(line.slice(4, 8)))).toEqual(
      Array.from({ length: rows }, (_, n) => n),
    )
  })
})

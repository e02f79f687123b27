import { expect, test } from 'vitest'
import type { RecordBatch } from '../../core/record-batch.ts'
import type { OneInputOperator } from '../../operator/operator.ts'
import { OperatorBase } from '../../operator/operator-base.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import { testJob } from '../../testing/job-driver.ts'
import { record, ScriptedInput } from '../../testing/scripted-input.ts'
import { scriptedSource } from '../../testing/scripted-source.ts'

/** Emits its records when the test says so, and writes down how it is ended. */
class Holding extends OperatorBase<string> implements OneInputOperator<string> {
  readonly #name: string
  readonly #log: string[]
  #held: string[] = []

  constructor(name: string, log: string[], releases: Map<string, () => void>) {
    super()
    this.#name = name
    this.#log = log
    releases.set(name, () => this.context.execute(() => this.#release()))
  }

  processBatch({ values, length }: RecordBatch<string>): void {
    for (let i = 0; i < length; i++) this.#held.push(values[i] as string)
  }

  endInput(): void {
    this.#log.push(`${this.#name} input ended`)
  }

  hasPendingWork(): boolean {
    return this.#held.length > 0
  }

  override finish(): void {
    this.#log.push(`${this.#name} finished`)
    super.finish()
  }

  #release(): void {
    const held = this.#held
    this.#held = []
    for (const value of held) this.output.collect(`${value} ${this.#name}`, 0)
  }
}

function loggingSink(log: string[]): Sink<string> {
  return {
    name: 'log',
    createWriter: () => ({
      write: (value) => void log.push(value),
      prepareCommit: () => [],
      snapshotState: () => [],
      endInput: () => void log.push('sink ended'),
      close: () => {},
    }),
  }
}

test.each([
  ['chained to the source', true],
  ['in tasks of their own', false],
] as const)('the end waits for pending work, operator by operator, %s', async (_name, chained) => {
  const log: string[] = []
  const releases = new Map<string, () => void>()
  const input = new ScriptedInput<string>()
  const job = testJob((env) => {
    if (!chained) env.disableOperatorChaining()
    env
      .enableCheckpointing(1_000)
      .fromSource(scriptedSource(input))
      .transform<string>('one', () => new Holding('one', log, releases))
      .transform<string>('two', () => new Holding('two', log, releases))
      .sinkTo(loggingSink(log))
  })
  await job.feed(input, [record('x')])
  input.end()
  await job.advance(3_000)
  expect(log).toEqual(['one input ended'])
  const done = job.client.checkpoints().filter(({ status }) => status === 'COMPLETED').length
  await job.checkpoints(2) // barriers still pass
  expect(job.client.checkpoints().length).toBeGreaterThan(done)
  releases.get('one')?.()
  await job.advance(3_000)
  expect(log).toEqual(['one input ended', 'one finished', 'two input ended'])
  expect(job.client.status()).toBe('RUNNING')
  releases.get('two')?.()
  await job.finish()
  const sinkSide = ['x one two', 'sink ended']
  expect(log.filter((entry) => sinkSide.includes(entry))).toEqual(sinkSide)
  expect(log.filter((entry) => entry.startsWith('two'))).toEqual([
    'two input ended',
    'two finished',
  ])
  expect(log).toHaveLength(6)
})

/// <reference types="node" />
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  collectSink,
  EngineError,
  ErrorCode,
  getExecutionEnvironment,
  type JobClient,
} from '../../src/index.ts'
import { FEATURE_JOBS } from './programs/features.ts'

const PROGRAM = new URL('./programs/features.ts', import.meta.url).href

/** Time for a job whose threads load the engine; on a busy machine that takes a while. */
const THREADS_MS = 60_000

const PARALLELISM = 3

type Target = 'in-process' | 'threads'

interface Outcome {
  readonly client: JobClient
  readonly warnings: readonly string[]
  readonly results: readonly string[]
  /** Why the job failed; undefined if it finished. */
  readonly error: EngineError | undefined
}

/** Runs a job; only this thread knows the settings. */
async function run(
  target: Target,
  name: string,
  settings: Readonly<Record<string, unknown>> = {},
  onResult: (client: JobClient) => void = () => {},
): Promise<Outcome> {
  const warnings: string[] = []
  const env = getExecutionEnvironment({
    code: {
      'execution.target': target,
      'parallelism.default': PARALLELISM,
      'restart-strategy.type': 'none',
      ...settings,
    },
    warn: (message) => void warnings.push(message),
    program: { module: PROGRAM, arguments: [name, String(PARALLELISM)] },
  })
  env.setGlobalParameters({ color: 'green', folder })
  const results: string[] = []
  const submitted = Promise.withResolvers<JobClient>()
  const add = (result: string): void => {
    results.push(result)
    void submitted.promise.then(onResult)
  }
  FEATURE_JOBS[name]?.(env).sinkTo(collectSink({ add }))
  const client = await env.executeAsync(name)
  submitted.resolve(client)
  const error = await client.result().then(
    () => undefined,
    (reason: EngineError) => reason,
  )
  return { client, warnings, results: results.sort(), error }
}

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-features-'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

const statesOf = ({ client }: Outcome): readonly string[] =>
  client.stateHistory().map(({ state }) => state)

const metric = ({ client }: Outcome, name: string): number =>
  client.metrics().reduce((sum, { values }) => sum + (values[name] ?? 0), 0)

describe.each<Target>(['in-process', 'threads'])('%s', { timeout: THREADS_MS }, (target) => {
  describe('REC-01 restart strategies', () => {
    test('none: the first failure is the last, and its cause is told', async () => {
      const failed = await run(target, 'fails')
      expect(statesOf(failed)).toEqual(['CREATED', 'RUNNING', 'FAILING', 'FAILED'])
      expect(failed.error).toMatchObject({ code: ErrorCode.JOB_FAILED })
      expect(failed.error?.cause).toBeInstanceOf(EngineError)
      expect(failed.error?.cause).toMatchObject({
        code: ErrorCode.USER_FUNCTION,
        cause: {
          name: 'Error',
          message: 'always',
          stack: expect.stringContaining('programs/features.ts'),
        },
      })
    })

    test('fixed delay: as many restarts as set, then the cause', async () => {
      const failed = await run(target, 'fails', {
        'restart-strategy.type': 'fixed-delay',
        'restart-strategy.fixed-delay.attempts': 2,
        'restart-strategy.fixed-delay.delay': 1,
      })
      expect(statesOf(failed).filter((state) => state === 'RESTARTING')).toHaveLength(2)
      expect(failed.error?.message).toMatch(
        /fixed-delay \(2 attempts, 1 ms\), 2 restarts\).*always/,
      )
    })

    test('a failure that every restart would repeat ends the job at once', async () => {
      const failed = await run(target, 'notKeyed', {
        'restart-strategy.type': 'exponential-delay',
      })
      expect(failed.error?.message).toMatch(
        /exponential-delay.*0 restarts, none would help.*keyBy/s,
      )
    })
  })

  describe('REC-10 record errors, by a policy that only the main thread knows', () => {
    const good = Array.from({ length: 300 }, (_, index) => index + 1)
      .filter((n) => n % 100 !== 0)
      .map(String)
    const letters = [100, 200, 300].map((n) => `${n}, Error: ${n} is poison`)

    test('dead letters: all other results, and the three records with their causes', async () => {
      const end = await run(target, 'poisoned', { 'pipeline.record-error-policy': 'dead-letter' })
      expect(end.error).toBeUndefined()
      expect(end.results).toEqual([...good, ...letters].sort())
      expect(metric(end, 'numRecordsDeadLettered')).toBe(3)
    })

    test('skip: all other results and a count', async () => {
      const end = await run(target, 'poisoned', { 'pipeline.record-error-policy': 'skip' })
      expect(end.results).toEqual(good.toSorted())
      expect(metric(end, 'numRecordsSkipped')).toBe(3)
    })

    test('fail: the message names operator, subtask, record and cause', async () => {
      const { error } = await run(target, 'poisoned')
      expect(error?.message).toMatch(
        /operator 'Check' \(subtask \d of 3\) failed at record \d+ .*00 is poison.*Record: \d00/s,
      )
    })
  })

  test('ARC-09 the parameters of the job are where its functions are', async () => {
    expect(await run(target, 'parameters')).toMatchObject({ results: ['green'] })
  })

  test('SRC-01 splits are instances of classes, if their type says how', async () => {
    const { results, error } = await run(target, 'ranges')
    expect(error).toBeUndefined()
    expect(results).toEqual([0, 1, 2, 3, 4, 5].map((length) => `true ${length}`))
  })

  test('SRC-01 an enumerator that throws at a request fails the job', async () => {
    const { error } = await run(target, 'brokenEnumerator')
    expect(error?.cause).toMatchObject({ message: 'no splits today' })
  })
})

describe('what only one isolate can do fails on threads with a reason', () => {
  test.each([
    ['accumulates', ErrorCode.UNSUPPORTED, /accumulator 'longest' is a Longest; on threads an/],
    ['functionsAsSplits', ErrorCode.TYPE_MISMATCH, /function/],
    ['instances', ErrorCode.TYPE_MISMATCH, /Range is a class without a serializer/],
  ])(
    '%s: %s',
    async (name, code, message) => {
      const { error } = await run('threads', name)
      expect(error?.cause).toMatchObject({ code, message: expect.stringMatching(message) })
      expect((await run('in-process', name)).error).toBeUndefined()
    },
    THREADS_MS,
  )
})

test(
  'resources are closed to the end before the job is over',
  async () => {
    expect((await run('threads', 'usesResource')).error).toBeUndefined()
    expect((await readdir(folder)).sort()).toEqual(['closed-0', 'closed-1', 'closed-2'])
  },
  THREADS_MS,
)

test(
  'a task that does not react to its cancellation is ended with its thread',
  async () => {
    const settings = { 'task.cancellation.timeout': 50 }
    const cancel = (client: JobClient): void => void client.cancel()
    const { error, warnings } = await run('threads', 'spins', settings, cancel)
    expect(error).toMatchObject({ code: ErrorCode.JOB_CANCELED })
    const stuck = /^after 50 ms .* do not react to their cancellation: .*'Map' \(subtask 0\)/
    expect(warnings).toContainEqual(expect.stringMatching(stuck))
  },
  THREADS_MS,
)

/// <reference types="node" />
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  collectSink,
  ErrorCode,
  getExecutionEnvironment,
  type StreamExecutionEnvironment,
} from '../../src/index.ts'
import { JOBS } from './programs/jobs.ts'

const PROGRAM = new URL('./programs/jobs.ts', import.meta.url).href

/** Time for a job whose threads load the engine; on a busy machine that takes a while. */
const THREADS_MS = 60_000

interface Run {
  readonly target: 'in-process' | 'threads'
  readonly parallelism: number
  readonly option?: string
  /** What the other threads build, if not the same. */
  readonly elsewhere?: string
  readonly program?: string
  /** What only the main thread knows. */
  readonly settings?: Readonly<Record<string, unknown>>
}

function environment(job: string, run: Run): StreamExecutionEnvironment {
  const { target, parallelism, option = '', elsewhere = job, program = PROGRAM } = run
  return getExecutionEnvironment({
    code: {
      'execution.target': target,
      'parallelism.default': parallelism,
      ...run.settings,
    },
    warn: () => {},
    program: { module: program, arguments: [elsewhere, String(parallelism), option] },
  })
}

/** The results of a job, in no order. */
async function results(job: string, run: Run): Promise<readonly string[]> {
  const env = environment(job, run)
  const records = await JOBS[job]?.(env, run.option ?? '').executeAndCollect(job)
  return (records ?? []).map((record) => JSON.stringify(record)).sort()
}

describe('the same job has the same output in one isolate and on threads (ARC-09)', () => {
  test.each(['windows', 'whole', 'timers', 'lookups'])(
    '%s',
    async (job) => {
      const expected = await results(job, { target: 'in-process', parallelism: 1 })
      expect(expected.length).toBeGreaterThan(100)
      for (const parallelism of job === 'windows' ? [1, 2, 4] : [2]) {
        expect(await results(job, { target: 'threads', parallelism })).toEqual(expected)
      }
    },
    THREADS_MS,
  )

  test.each([
    {},
    { 'pipeline.pre-aggregation': 'never' },
    { 'pipeline.pre-aggregation': 'always' },
    { 'pipeline.record-error-policy': 'skip' },
  ])(
    'sums, also where only the main thread knows how to plan them: %j (PAR-07)',
    async (settings) => {
      const expected = await results('sums', { target: 'in-process', parallelism: 1 })
      expect(expected).toHaveLength(37 * 10 + 1)
      const run = { target: 'threads', parallelism: 2, settings } as const
      expect(await results('sums', run)).toEqual(expected)
    },
    THREADS_MS,
  )

  test(
    'broadcast state is on each of four threads',
    async () => {
      const expected = new Array(4).fill('"one,three,two"')
      expect(await results('rules', { target: 'threads', parallelism: 4 })).toEqual(expected)
    },
    THREADS_MS,
  )

  test(
    'accumulators and metrics of all threads come together (ARC-26)',
    async () => {
      const env = environment('counted', { target: 'threads', parallelism: 3 })
      const seen: unknown[] = []
      JOBS['counted']?.(env, '').sinkTo(collectSink({ add: (n) => void seen.push(n) }))
      const client = await env.executeAsync('counted')
      const { accumulators, sinkRecords } = await client.result()
      expect(accumulators).toEqual({ records: 1_000 })
      expect(seen).toHaveLength(1_000)
      expect(Object.values(sinkRecords).reduce((sum, count) => sum + count, 0)).toBe(1_000)
      const counted = client.metrics().filter(({ operatorName }) => operatorName === 'Flat Map')
      expect(counted.map(({ subtaskIndex }) => subtaskIndex).sort()).toEqual([0, 1, 2])
    },
    THREADS_MS,
  )
})

describe('what threads refuse', () => {
  const failure = async (run: Promise<unknown>): Promise<{ code: string; message: string }> => {
    const { cause } = await run.then(
      () => Promise.reject(new Error('the job did not fail')),
      (error) => error,
    )
    return cause
  }

  test(
    'a program that builds another job in the threads',
    async () => {
      const run = { target: 'threads', parallelism: 2, elsewhere: 'other' } as const
      const { code, message } = await failure(results('whole', run))
      expect(code).toBe(ErrorCode.INVALID_PROGRAM)
      expect(message).toMatch(/^in a thread the program builds another job \('other'\)/)
      expect(message).toContain("There is job 'whole'; in the thread there is job 'other'.")
    },
    THREADS_MS,
  )

  test(
    'a program that ends before it calls execute()',
    async () => {
      const program = new URL('./programs/no-job.ts', import.meta.url).href
      const run = { target: 'threads', parallelism: 2, program } as const
      const { code, message } = await failure(results('whole', run))
      expect(code).toBe(ErrorCode.INVALID_PROGRAM)
      expect(message).toMatch(
        /ended in the thread of slot \d before it called execute\(\): no job today/,
      )
    },
    THREADS_MS,
  )

  test(
    'a second job, which threads would never come to',
    async () => {
      const program = fileURLToPath(new URL('./programs/two-jobs.ts', import.meta.url))
      const { stdout } = await promisify(execFile)(process.execPath, [program])
      const [first, second] = JSON.parse(stdout) as readonly string[]
      expect(first).toBe('first one')
      expect(second).toMatch(
        /^INVALID_PROGRAM: on threads a program runs one job, and 'Millrace job' is its job number 2: /,
      )
    },
    THREADS_MS,
  )

  test('a job in batch mode, which runs in one isolate, with a warning', async () => {
    const warnings: string[] = []
    const env = getExecutionEnvironment({ warn: (message) => void warnings.push(message) })
    env.configure({ 'execution.target': 'threads' }).setRuntimeMode('BATCH')
    expect(await env.fromElements(1, 2).executeAndCollect('batch')).toEqual([1, 2])
    expect(warnings).toEqual(["job 'batch' runs in this isolate: BATCH has no threads yet"])
  })

  test('a loop, which passes records by reference', async () => {
    const env = environment('other', { target: 'threads', parallelism: 1 })
    const loop = env.fromElements(1).iterate()
    loop.closeWith(loop.filter(() => false))
    await expect(loop.executeAndCollect()).rejects.toMatchObject({
      code: ErrorCode.INVALID_PROGRAM,
      message: expect.stringContaining(
        "'Iteration' cannot run on threads: its loop passes records by",
      ),
    })
  })
})

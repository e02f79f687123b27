import { beforeAll, describe, expect, test } from 'vitest'
import { EngineError, ErrorCode } from '../../src/index.ts'
import type { Fault } from './programs/faults.ts'
import { PAUSE_AT } from './programs/paused-readings.ts'
import { GROUPS } from './programs/recovery.ts'
import {
  caseName,
  type RecoveryCase,
  recoveryCases,
  type Scenario,
  SEED,
} from './recovery-cases.ts'
import { type RecoveryEnd, RecoveryJob, type RecoveryRun } from './run-recovery-job.ts'

/** Time for jobs whose threads load the engine; on a busy machine that takes a while. */
const THREADS_MS = 120_000

const NO_RESTART = { 'restart-strategy.type': 'none' }

/** What each job gives in one isolate without a failure. */
const expected = new Map<string, readonly string[]>()

beforeAll(async () => {
  for (const group of Object.keys(GROUPS)) {
    const run: RecoveryRun = { group, target: 'in-process', parallelism: 1 }
    const results = await RecoveryJob.with(async (job) => {
      assertEnded(group, await job.run(run))
      return job.results()
    })
    expected.set(group, results)
  }
}, THREADS_MS)

/** A job by the clock has no end but its cancellation. */
function assertEnded(group: string, { error }: RecoveryEnd): void {
  if (GROUPS[group]?.resultCount === undefined) expect(error).toBeUndefined()
  else expect(error).toMatchObject({ code: ErrorCode.JOB_CANCELED })
}

const RUNS: Readonly<Record<Scenario, (job: RecoveryJob, one: RecoveryCase) => Promise<void>>> = {
  'runs without a failure': async (job, { group, parallelism }) => {
    const end = await job.run({ group, target: 'threads', parallelism })
    assertEnded(group, end)
    expect(end.restarts).toBe(0)
    assertStatistics(end, parallelism)
  },

  'fails in a task or a thread': async (job, { group, parallelism, fault }) => {
    const end = await job.run({ group, target: 'threads', parallelism, fault })
    assertEnded(group, end)
    // A thread may end after its tasks were cancelled and deployed again: that is one restart more.
    expect(end.restarts).toBeGreaterThanOrEqual(fault.attempts)
  },

  'cannot write a checkpoint': async (job, one) => {
    const { group, parallelism, checkpoint: failedCheckpoint, isTolerated } = one
    const settings = isTolerated
      ? { 'execution.checkpointing.tolerable-failed-checkpoints': 100 }
      : {}
    const run: RecoveryRun = { group, target: 'threads', parallelism, failedCheckpoint, settings }
    const end = await job.run(run)
    assertEnded(group, end)
    const failed = end.client.checkpoints().filter(({ status }) => status === 'FAILED')
    expect(failed.map(({ checkpointId, failure }) => [checkpointId, failure])).toContainEqual([
      failedCheckpoint,
      expect.stringContaining(`checkpoint ${failedCheckpoint} is refused`),
    ])
    expect(end.restarts).toBe(isTolerated ? 0 : 1)
  },

  'fails for good, and another run goes on': async (job, one) => {
    const { group, parallelism, nextParallelism, nextTarget: target, fault } = one
    const lasting: Fault = { ...fault, attempts: Number.MAX_SAFE_INTEGER }
    const run: RecoveryRun = { group, target: 'threads', parallelism, fault: lasting }
    const failed = await job.run({ ...run, settings: NO_RESTART })
    assertFailedOf(fault, failed)
    const next = await job.run({ group, target, parallelism: nextParallelism })
    assertEnded(group, next)
    expect(next.client.jobId).toBe(failed.client.jobId)
  },

  'is cancelled, and another run goes on': async (job, one) => {
    const { group, parallelism, nextParallelism, nextTarget: target } = one
    const cancelAfterCheckpoint = one.checkpoint
    const run: RecoveryRun = { group, target: 'threads', parallelism, cancelAfterCheckpoint }
    const cancelled = await job.run(run)
    expect(cancelled.error).toMatchObject({ code: ErrorCode.JOB_CANCELED })
    const next = await job.run({ group, target, parallelism: nextParallelism })
    assertEnded(group, next)
    expect(next.client.jobId).toBe(cancelled.client.jobId)
  },
}

/** The statistics of each checkpoint have all tasks of all threads (CKP-19). */
function assertStatistics({ client }: RecoveryEnd, parallelism: number): void {
  const completed = client.checkpoints().filter(({ status }) => status === 'COMPLETED')
  expect(completed.length).toBeGreaterThan(1)
  const taskCounts = completed.map(({ subtasks, sizeBytes }) => {
    expect(sizeBytes).toBe(subtasks.reduce((sum, subtask) => sum + subtask.sizeBytes, 0))
    return subtasks.length
  })
  expect(new Set(taskCounts).size).toBe(1)
  expect(taskCounts[0]).toBeGreaterThan(parallelism)
}

/** The error of the job carries the one of the task or thread that ended it. */
function assertFailedOf({ kind }: Fault, { error }: RecoveryEnd): void {
  expect(error).toMatchObject({ code: ErrorCode.JOB_FAILED })
  const { cause } = error as Error
  expect(cause).toBeInstanceOf(EngineError)
  const taskFailed = { code: ErrorCode.USER_FUNCTION, text: "operator 'Faulty'" }
  const threadEnded = { code: ErrorCode.TASK_MANAGER_LOST, text: 'ended while its tasks ran' }
  const { code, text } = kind === 'throws' || kind === 'throws undefined' ? taskFailed : threadEnded
  expect(cause).toMatchObject({ code, message: expect.stringContaining(text) })
}

describe(`jobs on threads come to the same results (ARC-09, REC-01, CKP-01, CKP-15), seed ${SEED}`, () => {
  test.each(recoveryCases().map((one) => [caseName(one), one] as const))(
    '%s',
    async (_, one) => {
      await RecoveryJob.with(async (job) => {
        await RUNS[one.scenario](job, one)
        const replay = `THREADS_SEED=${SEED} vitest run test/threads -t '${one.group}'`
        expect(await job.results(), replay).toEqual(expected.get(one.group))
      })
    },
    THREADS_MS,
  )

  test.each(['keyed state', 'windows'])(
    '%s in a thread that runs out of memory',
    async (group) => {
      const kind = 'runs out of memory'
      const often = { everywhere: false, attempts: 1, whileStarting: false }
      const fault: Fault = { kind, at: PAUSE_AT + 100, ...often }
      await RecoveryJob.with(async (job) => {
        const end = await job.run({ group, target: 'threads', parallelism: 2, fault })
        assertEnded(group, end)
        expect(end.restarts).toBe(1)
        expect(await job.results()).toEqual(expected.get(group))
      })
    },
    THREADS_MS,
  )
})

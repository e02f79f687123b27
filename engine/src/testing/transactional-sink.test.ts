import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SeededRandom } from '../env/seeded-random.ts'
import { SinkOperator } from '../operator/sink/sink-operator.ts'
import { assertExactlyOnce } from './exactly-once-oracle.ts'
import { type CallOutcome, FakeTransactionLog } from './fake-transaction-log.ts'
import type { HarnessSnapshot } from './harness-snapshot.ts'
import { operatorHarness } from './operator-harness.ts'
import { transactionalSink } from './transactional-sink.ts'

function sinkHarness(log: FakeTransactionLog<number>, commitDelayMs = 0) {
  return operatorHarness<number>({
    operator: () => new SinkOperator(transactionalSink(log, { commitDelayMs })),
    modes: ['plain'],
    maxParallelism: 8,
  })
}

describe('one transaction per subtask and checkpoint', () => {
  test('records become visible when their checkpoint is complete', async () => {
    const log = new FakeTransactionLog<number>()
    const harness = sinkHarness(log)
    harness.process([1, 2])
    harness.barrier(1)
    harness.process([3])
    harness.barrier(2)
    await harness.settle()
    expect(log.committed).toEqual([])
    harness.notifyCheckpointComplete(1)
    await harness.settle()
    expect(log.committed).toEqual([1, 2])
    harness.notifyCheckpointComplete(2)
    await harness.settle()
    expect(log.committed).toEqual([1, 2, 3])
    harness.barrier(3)
    expect(log.pending()).toEqual([]) // no transaction without records
  })

  test('after a failure restored committables are committed, later transactions aborted', async () => {
    const log = new FakeTransactionLog<number>()
    const harness = sinkHarness(log)
    harness.process([1])
    const first = harness.barrier(1)
    harness.process([2])
    harness.barrier(2)
    expect(log.pending()).toHaveLength(2)
    harness.restore(first, { parallelism: 2 })
    await harness.settle()
    expect(log.committed).toEqual([1])
    expect(log.pending()).toEqual([])
  })

  test('what attempts at a higher parallelism left behind is aborted too', async () => {
    const log = new FakeTransactionLog<number>()
    const harness = sinkHarness(log)
    const first = harness.barrier(1)
    harness.restore(first, { parallelism: 4 })
    harness.process([1, 2, 3, 4])
    harness.barrier(2)
    expect(log.pending()).toHaveLength(4)
    harness.restore(first, { parallelism: 1 })
    await harness.settle()
    expect(log.pending()).toEqual([])
    expect(log.committed).toEqual([])
  })

  test('without a checkpoint nothing of the first attempt stays', () => {
    const log = new FakeTransactionLog<number>()
    const harness = sinkHarness(log)
    harness.process([1])
    harness.barrier(1)
    harness.restart()
    expect(log.pending()).toEqual([])
  })
})

type Act =
  | { readonly kind: 'write' }
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'abandoned checkpoint' }
  | { readonly kind: 'crash'; readonly parallelism: number }

const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Act>({ kind: 'write' }) },
    { weight: 3, arbitrary: fc.constant<Act>({ kind: 'checkpoint' }) },
    { weight: 1, arbitrary: fc.constant<Act>({ kind: 'abandoned checkpoint' }) },
    {
      weight: 2,
      arbitrary: fc
        .integer({ min: 1, max: 4 })
        .map((parallelism): Act => ({ kind: 'crash', parallelism })),
    },
  ),
  { maxLength: 25 },
)

/**
 * A job of one sink behind a source that counts: crashes go back to the last complete checkpoint,
 * whose notification may have been lost; calls to the log end in all four ways.
 */
async function runJob(script: readonly Act[], seed: number): Promise<FakeTransactionLog<number>> {
  const random = new SeededRandom(seed)
  const outcomes: CallOutcome[] = ['done', 'done', 'failed', 'timed-out', 'timed-out-yet-done']
  let quiet = false
  const outcome = (operation: string): CallOutcome =>
    operation === 'commit' && !quiet ? (outcomes[random.below(5)] as CallOutcome) : 'done'
  const log = new FakeTransactionLog<number>({ outcome })
  const harness = sinkHarness(log, 1)
  let position = 0
  let restart: { snapshot: HarnessSnapshot | undefined; position: number } = {
    snapshot: undefined,
    position: 0,
  }
  for (const act of [...script, { kind: 'checkpoint' } as const]) {
    if (act.kind === 'write') harness.process([position++, position++, position++])
    if (act.kind === 'abandoned checkpoint') harness.snapshot()
    if (act.kind === 'checkpoint') {
      const snapshot = harness.snapshot()
      restart = { snapshot, position }
      if (random.below(3) > 0) harness.notifyCheckpointComplete(snapshot.checkpointId)
      await harness.settle()
      harness.advanceProcessingTime(harness.processingTimeMs + random.below(2000))
    }
    if (act.kind === 'crash') {
      if (restart.snapshot === undefined) harness.restart(act)
      else harness.restore(restart.snapshot, act)
      position = restart.position
    }
  }
  quiet = true
  harness.restore(restart.snapshot as HarnessSnapshot, { parallelism: 2 })
  for (let turn = 0; turn < 200; turn++) {
    await harness.settle()
    harness.advanceProcessingTime(harness.processingTimeMs + 10_000)
  }
  const expected = Array.from({ length: restart.position }, (_, i) => i)
  assertExactlyOnce({ expected, committed: log.committed })
  return log
}

test('exactly once over crashes, rescaling, lost notifications and ambiguous commits', async () => {
  await fc.assert(
    fc.asyncProperty(acts, fc.nat(), async (script, seed) => {
      const log = await runJob(script, seed)
      expect(log.pending()).toEqual([])
    }),
    { seed: 7, numRuns: 60 },
  )
})

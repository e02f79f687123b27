import { describe, expect, test } from 'vitest'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OperatorHarness } from '../../testing/operator-harness.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import type { Sink } from './sink.ts'
import { SinkOperator } from './sink-operator.ts'

/** A target whose commits the test lets go, or fails, one by one. */
class HeldTarget {
  readonly committed: string[] = []
  /** What each commit call does; resolved by the test. */
  readonly calls: {
    readonly ids: readonly string[]
    readonly settle: (error?: unknown) => void
  }[] = []

  readonly sink: Sink<string, string, never> = {
    name: 'held',
    createWriter: () => {
      let written: string[] = []
      return {
        write: (value) => {
          if (value === 'poison') throw new Error('cannot be written')
          written.push(value)
        },
        prepareCommit: () => {
          const committables = written.length === 0 ? [] : [written.join('+')]
          written = []
          return committables
        },
        snapshotState: () => [],
        endInput: () => {},
        close: () => {},
      }
    },
    createCommitter: () => ({
      commit: (ids) =>
        new Promise((resolve, reject) => {
          const settle = (error?: unknown): void => {
            if (error !== undefined) {
              reject(error)
              return
            }
            this.committed.push(...ids)
            resolve()
          }
          this.calls.push({ ids, settle })
        }),
      close: () => {},
    }),
  }

  harness(): OperatorHarness<string, never> {
    return operatorHarness<string, never>({
      operator: () => new SinkOperator(this.sink),
      modes: ['plain'],
    })
  }
}

describe('SinkOperator', () => {
  test('nothing is committed before the checkpoint is complete, then all of it, in order', async () => {
    const target = new HeldTarget()
    const harness = target.harness()
    harness.process(['a', 'b'])
    harness.barrier(1)
    harness.process(['c'])
    harness.barrier(2)
    expect(target.calls).toEqual([])
    harness.notifyCheckpointComplete(2)
    await harness.settle()
    expect(target.calls.map(({ ids }) => ids)).toEqual([['a+b', 'c']])
  })

  test('commits of later checkpoints wait for those before them', async () => {
    const target = new HeldTarget()
    const harness = target.harness()
    for (const id of [1, 2]) {
      harness.process([`v${id}`])
      harness.barrier(id)
      harness.notifyCheckpointComplete(id)
    }
    await harness.settle()
    expect(target.calls).toHaveLength(1)
    target.calls[0]?.settle()
    await harness.settle()
    expect(target.calls.map(({ ids }) => ids)).toEqual([['v1'], ['v2']])
  })

  test('a committable stays in state until its commit is done: no snapshot loses it', async () => {
    const target = new HeldTarget()
    const harness = target.harness()
    harness.process(['a'])
    harness.barrier(1)
    harness.notifyCheckpointComplete(1)
    await harness.settle()
    // The commit of checkpoint 1 is on its way when checkpoint 2 is drawn, and the task dies.
    const second = harness.snapshot()
    harness.restore(second)
    await harness.settle()
    expect(target.calls.map(({ ids }) => ids)).toEqual([['a'], ['a']])
  })

  test('what was committed is not committed again after a restore', async () => {
    const target = new HeldTarget()
    const harness = target.harness()
    harness.process(['a'])
    harness.barrier(1)
    harness.notifyCheckpointComplete(1)
    await harness.settle()
    target.calls[0]?.settle()
    await harness.settle()
    harness.restore(harness.snapshot())
    await harness.settle()
    expect(target.committed).toEqual(['a'])
    expect(target.calls).toHaveLength(1)
  })

  test('a commit that fails for good fails the task, naming its cause', async () => {
    const target = new HeldTarget()
    const harness = target.harness()
    harness.process(['a'])
    harness.barrier(1)
    harness.notifyCheckpointComplete(1)
    await harness.settle()
    target.calls[0]?.settle(new EngineError(ErrorCode.COMMIT_LOST, 'the file is gone'))
    await expect(harness.finished()).rejects.toThrow('the file is gone')
  })

  test('a commit that may be retried is tried again after a while, with the same list', async () => {
    const target = new HeldTarget()
    const harness = target.harness()
    harness.process(['a'])
    harness.barrier(1)
    harness.notifyCheckpointComplete(1)
    await harness.settle()
    const busy = new EngineError(ErrorCode.CONNECTION, 'busy', { retryable: true })
    target.calls[0]?.settle(busy)
    await harness.settle()
    expect(target.calls).toHaveLength(1)
    harness.advanceProcessingTime(5_000)
    await harness.settle()
    target.calls[1]?.settle()
    await harness.finished()
    expect(target.committed).toEqual(['a'])
  })

  test('a record that cannot be written goes where the policy says, the others are written', async () => {
    const target = new HeldTarget()
    const harness = operatorHarness<string, never>({
      operator: () => new SinkOperator(target.sink),
      modes: ['plain'],
      recordErrorPolicy: 'skip',
    })
    harness.process(['a', 'poison', 'b'])
    harness.barrier(1)
    harness.notifyCheckpointComplete(1)
    await harness.settle()
    expect(target.calls.map(({ ids }) => ids)).toEqual([['a+b']])
    expect(() => target.harness().process(['poison'])).toThrow(/cannot be written/)
  })
})

import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { CounterAccumulator } from '../../core/accumulator.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import { valueState } from '../../state/state-descriptor.ts'
import { operatorHarness } from '../../testing/operator-harness.ts'
import { MapOperator, mapOperator } from '../basic/map.ts'
import { keyedMapOperator } from '../keyed/keyed-map.ts'
import type { FunctionInitializationContext } from './checkpointed-function.ts'
import { FunctionLifecycle } from './function-lifecycle.ts'
import { perSubtask } from './function-supplier.ts'
import type { RuntimeContext } from './runtime-context.ts'

const identity = (n: number): number => n

test('every step happens once, in order', () => {
  const calls: string[] = []
  const fn = {
    map: identity,
    initializeState: () => void calls.push('initializeState'),
    open: () => void calls.push('open'),
    snapshotState: (id: number) => void calls.push(`snapshotState ${id}`),
    notifyCheckpointComplete: (id: number) => void calls.push(`complete ${id}`),
    notifyCheckpointAborted: (id: number) => void calls.push(`aborted ${id}`),
    close: () => void calls.push('close'),
  }
  const h = operatorHarness({ operator: () => new MapOperator(fn), modes: ['plain'] })
  h.process([1])
  h.barrier(1)
  h.notifyCheckpointComplete(1)
  h.notifyCheckpointAborted(2)
  h.endInput()
  h.close()
  h.close()
  expect(calls).toEqual([
    'initializeState',
    'open',
    'snapshotState 1',
    'complete 1',
    'aborted 2',
    'close',
  ])
})

test('a function that an operator uses twice is opened and closed once', () => {
  const calls: string[] = []
  const fn = { open: () => void calls.push('open'), close: () => void calls.push('close') }
  const lifecycle = new FunctionLifecycle([fn, fn, () => {}])
  lifecycle.setup({} as never)
  lifecycle.open()
  lifecycle.close()
  lifecycle.close()
  expect(calls).toEqual(['open', 'close'])
})

test('every subtask opens and closes its own', () => {
  const calls: string[] = []
  const operator = mapOperator<number, number>(
    perSubtask(() => ({
      map: identity,
      open: (ctx: RuntimeContext) => void calls.push(`open ${ctx.task.subtaskIndex}`),
      close: () => void calls.push('close'),
    })),
  )
  const h = operatorHarness({ operator, parallelism: 3, modes: ['plain'] })
  h.close()
  expect(calls).toEqual(['open 0', 'open 1', 'open 2', 'close', 'close', 'close'])
})

test('the runtime context tells facts, parameters and metrics', () => {
  class Probe {
    context: RuntimeContext | undefined
    count = new CounterAccumulator()
    open(context: RuntimeContext): void {
      this.context = context
      this.count = new CounterAccumulator()
      context.addAccumulator('records', this.count)
    }
    map(n: number): string {
      this.count.add(1)
      this.context?.metrics.counter('mine').add(n)
      return `${this.context?.task.operatorName} ${this.context?.globalParameters.who} ${n}`
    }
  }
  const h = operatorHarness<number, string>({
    operator: mapOperator(new Probe()),
    operatorName: 'probe',
    globalParameters: { who: 'me' },
  })
  h.process([5, 6])
  expect(h.output).toEqual(['probe me 5', 'probe me 6'])
  expect(h.metrics.mine).toBe(11)
  expect(h.accumulators.records).toBe(2)
  h.close()
})

test('a checkpointed function keeps operator state over a restore', () => {
  class Numbering {
    next = 0
    state: OperatorListState<number> | undefined
    initializeState(context: FunctionInitializationContext): void {
      this.state = context.operatorState.getListState<number>('next')
      if (context.isRestored) this.next = this.state.get()[0] ?? -1
    }
    snapshotState(): void {
      this.state?.update([this.next])
    }
    map(text: string): string {
      return `${text}${this.next++}`
    }
  }
  const h = operatorHarness<string, string>({
    operator: mapOperator(new Numbering()),
    modes: ['plain', 'batch-of-one'],
  })
  h.process(['a', 'b'])
  h.snapshot()
  h.process(['lost'])
  h.restore()
  h.process(['c'])
  expect(h.output).toEqual(['a0', 'b1', 'lost2', 'c2'])
  h.close()
})

test('keyed state is there in open on a keyed stream', () => {
  const counting = {
    open(context: RuntimeContext) {
      const state = context.getState(valueState<number>('count'))
      this.map = (text) => {
        state.update((state.value() ?? 0) + 1)
        return `${text}${state.value()}`
      }
    },
    map: (text: string) => text,
  }
  const key = (text: string): string => text
  const h = operatorHarness({ operator: keyedMapOperator(counting, key), keyBy: key })
  h.process(['a', 'b', 'a'])
  expect(h.output).toEqual(['a1', 'b1', 'a2'])
  h.close()
})

describe('errors', () => {
  test('keyed state off a keyed stream names the state and the cure', () => {
    const fn = {
      open: (context: RuntimeContext) => void context.getState(valueState('count')),
      map: identity,
    }
    expect(() => operatorHarness({ operator: () => new MapOperator(fn) })).toThrow(
      expect.objectContaining({
        code: ErrorCode.INVALID_PROGRAM,
        message: expect.stringMatching(/'count'.*keyBy/s),
      }),
    )
  })

  test('an error in open names it', () => {
    const cause = new Error('no connection')
    const fn = {
      open: () => {
        throw cause
      },
      map: identity,
    }
    expect(() => operatorHarness({ operator: () => new MapOperator(fn) })).toThrow(
      expect.objectContaining({
        code: ErrorCode.USER_FUNCTION,
        cause,
        message: expect.stringMatching(/operator 'operator' \(subtask 0 of 1\) failed in open/),
      }),
    )
  })

  test('an asynchronous open is refused', () => {
    const fn = { open: async () => {}, map: identity }
    expect(() => operatorHarness({ operator: () => new MapOperator(fn as never) })).toThrow(
      expect.objectContaining({ code: ErrorCode.INVALID_PROGRAM }),
    )
  })

  const badClose = {
    map: (n: number): number => n,
    close: () => {
      throw new Error('cannot close')
    },
  }

  test('an error in close fails a task that went well', () => {
    const h = operatorHarness({ operator: () => new MapOperator(badClose), modes: ['plain'] })
    h.endInput()
    expect(() => h.close()).toThrow(/failed in close: Error: cannot close/)
  })

  test('an error in close masks no earlier one', () => {
    const h = operatorHarness({ operator: () => new MapOperator(badClose), modes: ['plain'] })
    expect(() => h.close()).not.toThrow()
  })
})

import { describe, expect, test } from 'vitest'
import { outputTag } from '../core/output-tag.ts'
import { RecordBatch } from '../core/record-batch.ts'
import { MAX_WATERMARK_MS } from '../core/stream-element.ts'
import type { OneInputOperator } from '../operator/operator.ts'
import { OperatorBase } from '../operator/operator-base.ts'
import type { ValueState } from '../state/keyed-state.ts'
import { VOID_NAMESPACE } from '../state/namespace.ts'
import { valueState } from '../state/state-descriptor.ts'
import type { InternalTimerService } from '../state/timer-service.ts'
import { types } from '../types/types.ts'
import { operatorHarness } from './operator-harness.ts'
import { runInAllModes } from './run-in-all-modes.ts'
import { events } from './stream-dsl.ts'

/** Emits the first record of each key and forgets the key `ttlMs` later: state and a timer. */
class Dedupe extends OperatorBase<string> implements OneInputOperator<string> {
  static readonly ttlMs = 10
  protected seen!: ValueState<boolean>
  protected timers!: InternalTimerService

  override initializeState(): void {
    const { keyedState } = this.context
    this.seen = keyedState.getState(valueState('seen', { type: types.boolean }))
    this.timers = keyedState.timerService('ttl', {
      onEventTimer: () => this.seen.clear(),
      onProcessingTimer: () => {},
    })
  }

  processBatch(batch: RecordBatch<string>): void {
    for (let i = 0; i < batch.length; i++) {
      const value = batch.values[i] as string
      this.context.keyedState.setCurrentKey(value)
      this.processRecord(value, batch.timestamps[i] as number)
    }
  }

  protected processRecord(value: string, timestampMs: number): void {
    if (this.seen.value() === true) return
    this.seen.update(true)
    this.timers.registerEventTimeTimer(VOID_NAMESPACE, timestampMs + Dedupe.ttlMs)
    this.output.collect(value, timestampMs)
  }

  override processWatermark(timestampMs: number): void {
    this.context.keyedState.advanceWatermark(timestampMs)
    super.processWatermark(timestampMs)
  }

  endInput(): void {}
}

const key = (value: string): string => value

/** Sends each record on with what `decide` makes of it; the planted bugs derive from it. */
abstract class PerBatch<IN, OUT> extends OperatorBase<OUT> implements OneInputOperator<IN> {
  abstract processBatch(batch: RecordBatch<IN>): void
  endInput(): void {}
}

describe('a correct operator', () => {
  test('agrees in all modes and leaves nothing', () => {
    const harness = runInAllModes({ operator: () => new Dedupe(), keyBy: key }, (h) => {
      h.process(['a', 'a', 'b'], 1)
      h.watermark(5)
      h.process(['a', 'c'], 6)
      h.watermark(11)
      h.process(['a', 'c'], 12)
      h.watermark(MAX_WATERMARK_MS)
    })
    expect(harness.outputWithTimestamps.map((r) => `${r.value}@${r.timestampMs}`)).toEqual([
      'a@1',
      'b@1',
      'c@6',
      'a@12',
    ])
    expect(harness.watermarks).toEqual([5, 11, MAX_WATERMARK_MS])
    expect([harness.timers, harness.stateEntries]).toEqual([0, 0])
  })

  test('is restored by hand at another parallelism, output staying readable', () => {
    const harness = operatorHarness<string, string>({
      operator: () => new Dedupe(),
      keyBy: key,
      modes: 'all',
    })
    harness.process(['x', 'x'], 10)
    harness.watermark(15)
    const snapshot = harness.snapshot()
    harness.restore(snapshot, { parallelism: 3 })
    harness.process(['x', 'y'], 16)
    expect(harness.output).toEqual(['x', 'y'])
    expect([harness.timers, harness.stateEntries]).toEqual([2, 2])
    harness.rescale(2)
    harness.process(['x', 'y', 'z'], 17)
    expect(harness.output).toEqual(['x', 'y', 'z'])
    harness.restore(snapshot) // back to before y and z
    harness.process(['x', 'y'], 18)
    expect(harness.output).toEqual(['x', 'y', 'z', 'y'])
  })

  test('reads the stream notation and shows its timeline in it', () => {
    const harness = operatorHarness({ operator: () => new Dedupe(), keyBy: key })
    harness.feed(events('a@1 b@4 W3 a@2 idle active W14 b@20'))
    expect(harness.timeline).toBe('a@1 b@4 W3 idle active W14 b@20')
  })

  test('leaking state is reported, unless the scenario says so', () => {
    const leak = (leavesState: boolean) => () =>
      runInAllModes({ operator: () => new Dedupe(), keyBy: key, leavesState }, (h) => {
        h.process(['a'], 1)
      })
    expect(leak(false)).toThrow(/1 state entries and 1 timers are left/)
    expect(leak(true)).not.toThrow()
  })
})

describe('the contract of emission', () => {
  test('nothing may be emitted before all subtasks are open, or after the end', () => {
    class EmitsInOpen extends PerBatch<string, string> {
      processBatch(): void {}
      override open(): void {
        this.output.collect('early', 0)
      }
    }
    class EmitsInClose extends PerBatch<string, string> {
      processBatch(): void {}
      override close(): void {
        this.output.collect('late', 0)
      }
    }
    expect(() => operatorHarness({ operator: () => new EmitsInOpen() })).toThrow(/not open yet/)
    expect(() => operatorHarness({ operator: () => new EmitsInClose() }).close()).toThrow(
      /its task has ended/,
    )
  })

  test('no records come after the end of the input', () => {
    const harness = operatorHarness({ operator: () => new Dedupe(), keyBy: key })
    harness.endInput()
    expect(() => harness.process(['a'], 1)).toThrow(/after the end of the input/)
  })
})

describe('verbs', () => {
  test('a failure at a fault point, then a restore from the latest snapshot', () => {
    const harness = operatorHarness<string, string>({ operator: () => new Dedupe(), keyBy: key })
    harness.process(['a'], 1)
    harness.snapshot()
    harness.failNext('collect')
    expect(() => harness.process(['b'], 2)).toThrow(/asked for a failure at collect/)
    harness.restore()
    harness.process(['a', 'b'], 2)
    expect(harness.output).toEqual(['a', 'b'])
  })

  test('keyed state without keyBy says what to do', () => {
    expect(() => operatorHarness({ operator: () => new Dedupe() })).toThrow(
      expect.objectContaining({ code: 'INVALID_PROGRAM' }),
    )
  })

  test('a batch with timestamps of its own, side outputs, processing time, metrics', () => {
    const odd = outputTag<number>('odd')
    class Ticking extends PerBatch<number, number> {
      override open(): void {
        this.#next()
      }
      #next(): void {
        const { processingTime } = this.context
        processingTime.schedule(processingTime.nowMs() + 100, (atMs) => {
          this.output.collect(atMs, NaN)
          this.#next()
        })
      }
      processBatch(batch: RecordBatch<number>): void {
        for (let i = 0; i < batch.length; i++) {
          const value = batch.values[i] as number
          this.context.metrics.counter('seen').add(1)
          if (value % 2 === 0) this.output.collect(value, batch.timestamps[i] as number)
          else this.output.sideOutput(odd, value, batch.timestamps[i] as number)
        }
      }
    }
    const modes = ['batch-of-one', 'batch-all', 'frozen', 'time-stress'] as const
    const harness = operatorHarness<number, number>({ operator: () => new Ticking(), modes })
    const batch = new RecordBatch<number>(1)
    for (let i = 0; i < 4; i++) batch.add(i, 10 * i)
    harness.processBatch(batch)
    harness.advanceProcessingTime(250)
    expect(harness.processingTimeMs).toBe(250)
    expect(harness.outputWithTimestamps).toEqual([
      { value: 0, timestampMs: 0 },
      { value: 2, timestampMs: 20 },
      { value: 100, timestampMs: NaN },
      { value: 200, timestampMs: NaN },
    ])
    expect(harness.sideOutput(odd)).toEqual([1, 3])
    expect(harness.metrics).toEqual({ seen: 4 })
    expect(() => harness.advanceProcessingTime(249)).toThrow(/cannot go back to 249/)
  })

  test('an asynchronous operator: input waits while it is not available', async () => {
    class Slow extends PerBatch<string, string> {
      processBatch(batch: RecordBatch<string>): void {
        for (let i = 0; i < batch.length; i++) {
          const value = batch.values[i] as string
          this.context.setAvailable(false)
          void Promise.resolve().then(() =>
            this.context.execute(() => {
              this.output.collect(value, 0)
              this.context.setAvailable(true)
            }),
          )
        }
      }
    }
    const modes = ['batch-of-one', 'full-output', 'frozen'] as const
    const run = runInAllModes<string, string>({ operator: () => new Slow(), modes }, async (h) => {
      h.process(['a'])
      h.process(['b'])
      h.watermark(7)
      expect(h.isAvailable).toBe(false)
      await h.settle()
      expect(h.isAvailable).toBe(true)
    })
    const harness = await run
    expect(harness.timeline).toBe('a@0 b@0 W7')
  })

  test('a restore loses what waits before an operator that takes no input', () => {
    class Blocked extends PerBatch<string, string> {
      override open(): void {
        this.context.setAvailable(false)
        if (this.context.task.attempt > 0) this.context.setAvailable(true)
      }
      processBatch(batch: RecordBatch<string>): void {
        this.output.collect(batch.values[0] as string, NaN)
      }
    }
    const harness = operatorHarness<string, string>({ operator: () => new Blocked() })
    harness.process(['lost'])
    expect(() => harness.snapshot()).toThrow(/takes no input at present/)
    harness.restore()
    harness.process(['kept'])
    expect(harness.output).toEqual(['kept'])
  })

  test('mail and timers of an operator that was replaced have no effect', () => {
    const mail: (() => void)[] = []
    class Calls extends PerBatch<string, string> {
      processBatch(): void {
        const { context } = this
        mail.push(() => context.execute(() => this.output.collect('mail', NaN)))
        context.processingTime.schedule(10, () => this.output.collect('timer', NaN))
        const canceled = context.processingTime.schedule(0, () => this.output.collect('no', NaN))
        context.execute(() => canceled.cancel())
      }
    }
    const harness = operatorHarness<string, string>({
      operator: () => new Calls(),
      modes: ['plain'],
    })
    harness.process(['a'])
    harness.restore()
    for (const send of mail) send()
    harness.drainMailbox()
    harness.advanceProcessingTime(20)
    expect(harness.output).toEqual([])
    harness.process(['a'])
    mail.at(-1)?.()
    harness.advanceProcessingTime(40)
    expect(harness.output).toEqual(['timer', 'mail'])
  })
})

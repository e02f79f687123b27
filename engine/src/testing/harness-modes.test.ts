import { describe, expect, test } from 'vitest'
import type { RecordBatch } from '../core/record-batch.ts'
import type { OneInputOperator } from '../operator/operator.ts'
import { OperatorBase } from '../operator/operator-base.ts'
import { VOID_NAMESPACE } from '../state/namespace.ts'
import { valueState } from '../state/state-descriptor.ts'
import { types } from '../types/types.ts'
import type { HarnessMode } from './harness-mode.ts'
import { operatorHarness } from './operator-harness.ts'
import { runInAllModes } from './run-in-all-modes.ts'

const key = (value: string): string => value

/** An operator without a memory of its own; the planted bugs give it one. */
abstract class PerBatch<IN, OUT> extends OperatorBase<OUT> implements OneInputOperator<IN> {
  abstract processBatch(batch: RecordBatch<IN>): void
  endInput(): void {}
}

/** Emits each record with what it counts; a keyed operator that is right. */
class CountsPerKey extends PerBatch<string, string> {
  processBatch(batch: RecordBatch<string>): void {
    const { keyedState } = this.context
    for (let i = 0; i < batch.length; i++) {
      keyedState.setCurrentKey(this.keyOf(batch.values[i] as string))
      const state = keyedState.getState(valueState('count', { type: types.number }))
      state.update((state.value() ?? 0) + 1)
      this.output.collect(`${batch.values[i]}${state.value()}`, batch.timestamps[i] as number)
    }
  }

  protected keyOf(value: string): string {
    return value
  }
}

describe('planted bugs', () => {
  /** Runs a scenario in one mode beside plain; the error it ends with. */
  function errorIn<IN>(
    mode: HarnessMode | 'all',
    operator: () => OneInputOperator<IN>,
    values: readonly IN[],
    keyBy?: (value: IN) => unknown,
  ): string {
    const modes = mode === 'all' ? ('all' as const) : [mode]
    try {
      runInAllModes({ operator, modes, leavesState: true, ...(keyBy ? { keyBy } : {}) }, (h) => {
        h.process(values.slice(0, 2), 1)
        h.watermark(1)
        h.process(values.slice(2), 2)
        h.watermark(3)
      })
    } catch (error) {
      return (error as Error).message
    }
    return 'not found'
  }

  class CountsInField extends PerBatch<string, string> {
    #count = 0
    processBatch(batch: RecordBatch<string>): void {
      for (let i = 0; i < batch.length; i++) {
        this.output.collect(`${batch.values[i]}${++this.#count}`, batch.timestamps[i] as number)
      }
    }
  }

  test('restore finds state held in a field', () => {
    const message = errorIn('restore', () => new CountsInField(), ['a', 'b', 'c'])
    expect(message).toMatch(/mode 'restore' disagrees with plain: output differs from step 1 of 4/)
    expect(message).toContain('missing "b2"@1 "c3"@2; extra "b1"@1 "c1"@2')
  })

  class EmitsBatchSize extends PerBatch<string, number> {
    processBatch(batch: RecordBatch<string>): void {
      this.output.collect(batch.length, batch.timestamps[0] as number)
    }
  }

  test.each(['batch-of-one', 'batch-random', 'batch-all'] as const)(
    '%s finds a dependence on where batches end',
    (mode) => {
      const operator = () => new EmitsBatchSize()
      const scenario = () =>
        runInAllModes({ operator, modes: [mode] }, (h) => {
          for (let i = 0; i < 4; i++) h.process(['a', 'b', 'c'], 1)
        })
      expect(scenario).toThrow(new RegExp(`mode '${mode}' disagrees with plain`))
    },
  )

  class KeepsBatch extends PerBatch<string, string> {
    #kept: RecordBatch<string> | undefined
    processBatch(batch: RecordBatch<string>): void {
      this.#kept = batch
    }
    override processWatermark(timestampMs: number): void {
      const kept = this.#kept
      for (let i = 0; kept !== undefined && i < kept.length; i++) {
        this.output.collect(kept.values[i] as string, kept.timestamps[i] as number)
      }
      this.#kept = undefined
      super.processWatermark(timestampMs)
    }
  }

  test('frozen finds a batch that is read after processBatch', () => {
    const message = errorIn('frozen', () => new KeepsBatch(), ['a', 'b', 'c'])
    expect(message).toMatch(/mode 'frozen' disagrees with plain: output differs from step 2 of 4/)
  })

  class ChangesInput extends PerBatch<{ n: number }, { n: number }> {
    processBatch(batch: RecordBatch<{ n: number }>): void {
      for (let i = 0; i < batch.length; i++) {
        const record = batch.values[i] as { n: number }
        record.n++
        this.output.collect(record, 0)
      }
    }
  }

  test('frozen finds an operator that changes its input', () => {
    const message = errorIn('frozen', () => new ChangesInput(), [{ n: 1 }])
    expect(message).toMatch(
      /mode 'frozen' failed at step 1, process\(1 records at 1\): .*read.only/,
    )
  })

  class ReusesOutput extends PerBatch<number, { n: number }> {
    readonly #reused = { n: 0 }
    processBatch(batch: RecordBatch<number>): void {
      for (let i = 0; i < batch.length; i++) {
        this.#reused.n = batch.values[i] as number
        this.output.collect(this.#reused, 0)
      }
    }
  }

  test('full-output finds records lost to a reused output object', () => {
    const message = errorIn('full-output', () => new ReusesOutput(), [1, 2, 3])
    expect(message).toMatch(/mode 'full-output' disagrees with plain: output differs/)
    expect(message).toContain('extra {"n":1}@0 {"n":2}@0')
  })

  class FiresOnWatermark extends PerBatch<string, number> {
    readonly #fires: (timestampMs: number, lastMs: number) => boolean
    #lastMs = 0
    constructor(fires: (timestampMs: number, lastMs: number) => boolean) {
      super()
      this.#fires = fires
    }
    processBatch(): void {}
    override processWatermark(timestampMs: number): void {
      if (this.#fires(timestampMs, this.#lastMs)) this.output.collect(timestampMs, timestampMs)
      this.#lastMs = Math.max(this.#lastMs, timestampMs)
      super.processWatermark(timestampMs)
    }
  }

  class FiresOnStatus extends PerBatch<string, number> {
    processBatch(): void {}
    override processWatermarkStatus(): void {
      this.output.collect(0, 0)
    }
  }

  test.each([
    ['an equal watermark', () => new FiresOnWatermark((nowMs, lastMs) => nowMs >= lastMs)],
    ['a lower watermark', () => new FiresOnWatermark((nowMs, lastMs) => nowMs !== lastMs)],
    ['a watermark status', () => new FiresOnStatus()],
  ])('time-stress finds firing on %s', (_name, operator) => {
    const message = errorIn('time-stress', operator, ['a'])
    expect(message).toMatch(/mode 'time-stress' disagrees with plain: .* step 2 of 4 on, watermark/)
  })

  test('time-stress passes what fires on watermarks that advance', () => {
    const operator = () => new FiresOnWatermark((nowMs, lastMs) => nowMs > lastMs)
    expect(errorIn('time-stress', operator, ['a'])).toBe('not found')
  })

  test('rescale finds state under another key than the stream is partitioned by', () => {
    class OneKeyForAll extends CountsPerKey {
      protected override keyOf(): string {
        return 'all'
      }
    }
    const letters = 'abcdefghijkl'.split('')
    expect(errorIn('rescale', () => new CountsPerKey(), letters, key)).toBe('not found')
    const message = errorIn('rescale', () => new OneKeyForAll(), letters, key)
    expect(message).toMatch(/mode 'rescale' (disagrees with plain|failed)/)
  })

  test('rescale finds a map that subtasks share by a static field', () => {
    class StaticSum extends PerBatch<string, number> {
      static readonly sums = new Map<number, number>()
      processBatch(batch: RecordBatch<string>): void {
        const { sums } = StaticSum
        const { subtaskIndex, attempt } = this.context.task
        const slot = attempt * 100 + subtaskIndex
        for (let i = 0; i < batch.length; i++) {
          sums.set(slot, (sums.get(slot) ?? 0) + 1)
          this.output.collect(sums.get(slot) as number, 0)
        }
      }
    }
    const operator = () => {
      StaticSum.sums.clear()
      return new StaticSum()
    }
    const message = errorIn('rescale', operator, ['a', 'b', 'c', 'd', 'e'], key)
    expect(message).toMatch(/mode 'rescale' disagrees with plain/)
  })

  test.each([
    ['state in a field', () => new CountsInField()],
    ['a kept batch', () => new KeepsBatch()],
  ])('all modes together find %s', (_name, operator) => {
    expect(errorIn('all', operator, ['a', 'b', 'c', 'd'])).toMatch(/^mode '.*' disagrees/)
  })

  class KeepsValues extends PerBatch<string, string> {
    #kept: string[] = []
    #count = 0
    processBatch(batch: RecordBatch<string>): void {
      this.#kept = batch.values
      this.#count = batch.length
    }
    override processWatermark(timestampMs: number): void {
      for (let i = 0; i < this.#count; i++) this.output.collect(this.#kept[i] as string, NaN)
      super.processWatermark(timestampMs)
    }
  }

  test('frozen finds the array of a batch that is read afterwards', () => {
    expect(errorIn('frozen', () => new KeepsValues(), ['a'])).toContain('"overwritten"')
  })

  test('an order that depends on batches is found', () => {
    class Reverses extends PerBatch<string, string> {
      processBatch(batch: RecordBatch<string>): void {
        for (let i = batch.length - 1; i >= 0; i--) this.output.collect(batch.values[i]!, NaN)
      }
    }
    expect(errorIn('batch-of-one', () => new Reverses(), ['a', 'b'])).toMatch(
      /output is in another order from record 0 on: plain "b" "a", here "a" "b"/,
    )
  })

  test('timers that get lost are found without any output', () => {
    class Forgets extends PerBatch<string, string> {
      #atMs = 1_000
      processBatch(batch: RecordBatch<string>): void {
        const { keyedState } = this.context
        const target = { onEventTimer: () => {}, onProcessingTimer: () => {} }
        const timers = keyedState.timerService('timers', target)
        keyedState.setCurrentKey('k')
        for (let i = 0; i < batch.length; i++) {
          timers.registerEventTimeTimer(VOID_NAMESPACE, this.#atMs++)
        }
      }
    }
    expect(errorIn('restore', () => new Forgets(), ['a', 'b', 'c'], key)).toMatch(
      /the number of timers differs: plain 3, here 1/,
    )
  })

  test('each mode restores from its own snapshot', () => {
    class CountsBatches extends PerBatch<string, number> {
      processBatch(batch: RecordBatch<string>): void {
        const state = this.context.operatorState.getListState<number>('batches')
        state.update([(state.get()[0] ?? 0) + 1])
        if (batch.values[0] === 'report') this.output.collect(state.get()[0] as number, NaN)
      }
    }
    const harness = operatorHarness({ operator: () => new CountsBatches() })
    harness.process(['a', 'b', 'c'])
    harness.restore(harness.snapshot())
    harness.process(['report'])
    expect(() => harness.output).toThrow(/'batch-of-one' disagrees .* missing 2; extra 4/)
    expect(() => harness.output).toThrow(/'batch-of-one' disagrees/) // not only the first time
  })
})

describe('no false alarms', () => {
  test('records late for the watermark are late in every mode, also after a restore', () => {
    class DropsLate extends PerBatch<string, string> {
      #watermarkMs = Number.NEGATIVE_INFINITY
      override processWatermark(timestampMs: number): void {
        this.#watermarkMs = timestampMs
        super.processWatermark(timestampMs)
      }
      processBatch(batch: RecordBatch<string>): void {
        for (let i = 0; i < batch.length; i++) {
          const timestampMs = batch.timestamps[i] as number
          if (timestampMs > this.#watermarkMs) this.output.collect(batch.values[i]!, timestampMs)
        }
      }
    }
    const harness = runInAllModes({ operator: () => new DropsLate(), keyBy: key }, (h) => {
      h.watermark(10)
      h.process(['late', 'as late'], 10)
      h.process(['timely'], 11)
      h.watermark(20)
      h.process(['late too'], 15)
    })
    expect(harness.output).toEqual(['timely'])
  })

  test('what the plain run does to its records does not reach the other modes', () => {
    class Changes extends PerBatch<{ n: number }, number> {
      processBatch(batch: RecordBatch<{ n: number }>): void {
        for (let i = 0; i < batch.length; i++) this.output.collect(batch.values[i]!.n++, NaN)
      }
    }
    const modes = ['batch-of-one', 'batch-all'] as const
    const harness = operatorHarness<{ n: number }>({ operator: () => new Changes(), modes })
    harness.process([{ n: 1 }])
    expect(harness.output).toEqual([1])
  })

  test('a fault that a test armed is not met by the barriers of the restore mode', () => {
    const harness = operatorHarness<string>({ operator: () => new CountsPerKey(), keyBy: key })
    harness.failNext('beforeBarrier')
    harness.process(['a', 'a'])
    expect(harness.output).toEqual(['a1', 'a2'])
  })
})

import { describe, expect, test } from 'vitest'
import type { RecordBatch } from '../core/record-batch.ts'
import type { TwoInputOperator } from '../operator/operator.ts'
import { OperatorBase } from '../operator/operator-base.ts'
import type { ListState } from '../state/keyed-state.ts'
import { listState } from '../state/state-descriptor.ts'
import { types } from '../types/types.ts'
import { twoInputHarness } from './two-input-harness.ts'

/** Pairs every left record with every right record of the same first letter. */
class Pairs extends OperatorBase<string> implements TwoInputOperator<string, string> {
  #sides!: readonly [ListState<string>, ListState<string>]

  override initializeState(): void {
    const { keyedState } = this.context
    const side = (name: string) => keyedState.getListState(listState(name, { type: types.string }))
    this.#sides = [side('left'), side('right')]
  }

  processBatch1(batch: RecordBatch<string>): void {
    this.#process(batch, 0)
  }

  processBatch2(batch: RecordBatch<string>): void {
    this.#process(batch, 1)
  }

  endInput1(): void {}
  endInput2(): void {}

  override finish(): void {
    this.output.collect('end', NaN)
  }

  #process(batch: RecordBatch<string>, side: 0 | 1): void {
    for (let i = 0; i < batch.length; i++) {
      const value = batch.values[i] as string
      this.context.keyedState.setCurrentKey(value[0])
      this.#sides[side].add(value)
      for (const other of this.#sides[side === 0 ? 1 : 0].get()) {
        this.output.collect(side === 0 ? value + other : other + value, NaN)
      }
    }
  }
}

const firstLetter = (value: string): unknown => value[0]

describe('an operator with two keyed inputs', () => {
  const harness = () =>
    twoInputHarness<string, string, string>({
      operator: () => new Pairs(),
      keyBy1: firstLetter,
      keyBy2: firstLetter,
    })

  test('agrees in all modes', () => {
    const h = harness()
    h.process1(['a1', 'b1', 'c1'])
    h.process2(['a2', 'a3', 'b2'])
    h.process1(['a4'])
    expect(h.output).toEqual(['a1a2', 'a1a3', 'b1b2', 'a4a2', 'a4a3'])
    expect(h.stateEntries).toBe(5)
  })

  test('sees the minimum of both watermarks, of the active inputs only', () => {
    const h = harness()
    h.watermark(2)
    h.watermark1(5)
    h.watermark2(3)
    h.watermark2(9)
    h.watermarkStatus1(true)
    h.watermark2(10)
    h.watermarkStatus2(true)
    h.watermarkStatus1(false)
    h.watermark1(20)
    expect(h.timeline).toBe('W2 W3 W5 W9 W10 idle active W20')
  })

  test('finishes when both inputs have ended', () => {
    const h = harness()
    h.endInput1()
    expect(h.output).toEqual([])
    h.process2(['a'])
    h.endInput2()
    expect(h.output).toEqual(['end'])
    expect(() => h.process2(['b'])).toThrow(/after the end/)
  })
})

test('every subtask receives what is broadcast', () => {
  class Rules extends OperatorBase<string> implements TwoInputOperator<string, string> {
    #rules: string[] = []
    override initializeState(): void {
      const state = this.context.operatorState.getUnionListState('rules', types.string)
      this.#rules = [...new Set(state.get())]
    }
    override snapshotState(): void {
      const state = this.context.operatorState.getUnionListState('rules', types.string)
      state.update(this.#rules)
    }
    processBatch1(batch: RecordBatch<string>): void {
      for (let i = 0; i < batch.length; i++) {
        this.output.collect(`${batch.values[i]}:${this.#rules.join('')}`, NaN)
      }
    }
    processBatch2(batch: RecordBatch<string>): void {
      for (let i = 0; i < batch.length; i++) this.#rules.push(batch.values[i] as string)
    }
    endInput1(): void {}
    endInput2(): void {}
  }
  const h = twoInputHarness<string, string, string>({
    operator: () => new Rules(),
    keyBy1: (value) => value,
    broadcast2: true,
    parallelism: 2,
  })
  h.process2(['x'])
  h.process1(['a', 'b', 'c', 'd', 'e'])
  h.process2(['y'])
  h.process1(['a', 'b', 'c', 'd', 'e'])
  expect([...h.output].sort()).toEqual(
    ['a', 'b', 'c', 'd', 'e'].flatMap((key) => [`${key}:x`, `${key}:xy`]),
  )
})

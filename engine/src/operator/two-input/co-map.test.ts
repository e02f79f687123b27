import { expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { ValueState } from '../../state/keyed-state.ts'
import { valueState } from '../../state/state-descriptor.ts'
import { twoInputHarness } from '../../testing/two-input-harness.ts'
import type { Collector } from '../function/functions.ts'
import type { RuntimeContext } from '../function/runtime-context.ts'
import { coFlatMapOperator } from './co-flat-map.ts'
import { coMapOperator } from './co-map.ts'

test('coMap brings two types to one, with timestamps and the combined watermark', () => {
  const operator = coMapOperator({
    map1: (n: number) => `n${n}`,
    map2: (flag: boolean) => `b${flag}`,
  })
  const h = twoInputHarness<number, boolean, string>({ operator })
  h.process1([1], 1)
  h.process2([true], 2)
  h.watermark1(9)
  h.watermark2(5)
  h.watermark(MAX_WATERMARK_MS)
  expect(h.timeline).toBe('n1@1 btrue@2 W5 WMAX')
  h.close()
})

interface Rule {
  readonly word: string
  readonly replacement: string
}

/** Replaces words by the rule of their key, which comes on the first input. */
class Replacing {
  replacement: ValueState<string> | undefined

  open(context: RuntimeContext): void {
    this.replacement = context.getState(valueState<string>('replacement'))
  }

  flatMap1(rule: Rule): void {
    this.replacement?.update(rule.replacement)
  }

  flatMap2(word: string, out: Collector<string>): void {
    out.collect(this.replacement?.value() ?? word)
  }
}

test('coFlatMap: a rule changes the data of its key that comes later', () => {
  const first = (rule: Rule): string => rule.word
  const second = (word: string): string => word
  const h = twoInputHarness<Rule, string, string>({
    operator: coFlatMapOperator(new Replacing(), [first, second]),
    keyBy1: first,
    keyBy2: second,
  })
  h.process2(['a', 'b'], 1)
  h.process1([{ word: 'a', replacement: 'X' }], 2)
  h.process2(['a', 'b'], 3)
  expect(h.timeline).toBe('a@1 b@1 X@3 b@3')
  h.close()
})

test('poison records of either input follow the policy', () => {
  const strict = (n: number): number => {
    if (n < 0) throw new Error('negative')
    return n
  }
  const operator = coMapOperator({ map1: strict, map2: strict })
  const h = twoInputHarness<number, number, number>({ operator, recordErrorPolicy: 'skip' })
  h.process1([1, -1, 2])
  h.process2([-2, 3])
  expect(h.output).toEqual([1, 2, 3])
  expect(h.metrics.numRecordsSkipped).toBe(2)
  h.close()
  const failing = twoInputHarness<number, number, number>({ operator, modes: ['plain'] })
  expect(() => failing.process2([7, -7])).toThrow(
    expect.objectContaining({
      code: ErrorCode.USER_FUNCTION,
      message: expect.stringMatching(/record 1 of its batch.*Record: -7/),
    }),
  )
})

import { describe, expect, test } from 'vitest'
import { metricGroup } from '../../../core/metrics.ts'
import { RecordBatch } from '../../../core/record-batch.ts'
import { SeededRandom } from '../../../env/seeded-random.ts'
import { filterOperator } from '../../../operator/basic/filter.ts'
import { flatMapOperator } from '../../../operator/basic/flat-map.ts'
import { mapOperator } from '../../../operator/basic/map.ts'
import type { Collector } from '../../../operator/function/functions.ts'
import type { OneInputOperator, OperatorFactory } from '../../../operator/operator.ts'
import type { ChainLink } from '../chain-link.ts'
import { ChainOutput, type ElementConsumer } from '../chain-output.ts'
import { fusedCall, mayFuse } from './fused-call.ts'

type AnyOperator = OperatorFactory<OneInputOperator<never>>

/** Takes what comes out of the last operator. Fails once, if told to. */
class LastConsumer implements ElementConsumer {
  readonly values: unknown[] = []
  #failure: Error | undefined

  constructor(failure?: Error) {
    this.#failure = failure
  }

  batch({ values, length }: RecordBatch): void {
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) throw failure
    this.values.push(...values.slice(0, length))
  }

  watermark(): void {}

  watermarkStatus(): void {}
}

/** The first of the links of these operators. Records that fail are skipped. */
function linked(makers: readonly AnyOperator[], last: ElementConsumer): ChainLink {
  let next: ChainLink | undefined
  for (const make of makers.toReversed()) {
    const metrics = metricGroup()
    const consumers = next === undefined ? [last] : []
    const output = new ChainOutput(consumers, new Map(), metrics.counter('numRecordsOut'))
    const task = { operatorName: 'o', subtaskIndex: 0, parallelism: 1 }
    const operator = make()
    operator.setup({ output, task, metrics, recordErrorPolicy: 'skip' } as never)
    next = { operator, output, metrics, next } as unknown as ChainLink
  }
  return next as ChainLink
}

const double = mapOperator((n: number) => n * 2)
const notFour = filterOperator((n: number) => n !== 4)

describe('a fused chain', () => {
  test('has handed on all records when a batch is through', () => {
    const last = new LastConsumer()
    const call = fusedCall(linked([double, notFour, double], last))
    call(RecordBatch.of([1, 2, 3]))
    expect(last.values).toEqual([4, 12])
    call(RecordBatch.of([5]))
    expect(last.values).toEqual([4, 12, 20])
  })

  test('hands on what an operator at its end emits by itself', () => {
    const last = new LastConsumer()
    const twice = flatMapOperator((n: number, out: Collector<number>) => {
      out.collect(n)
      out.collect(n)
    })
    fusedCall(linked([double, twice], last))(RecordBatch.of([1, 2]))
    expect(last.values).toEqual([2, 2, 4, 4])
  })

  test('counts what each operator gets and hands on', () => {
    const first = linked([double, notFour, double], new LastConsumer())
    fusedCall(first)(RecordBatch.of([1, 2, 3]))
    expect(first.metrics.snapshot()).toEqual({ numRecordsOut: 3 })
    expect(first.next?.metrics.snapshot()).toEqual({ numRecordsIn: 3, numRecordsOut: 2 })
    expect(first.next?.next?.metrics.snapshot()).toEqual({ numRecordsIn: 2, numRecordsOut: 2 })
  })

  test('blames no record for a failure behind it', () => {
    const failure = new TypeError('a bug in a connector')
    const batch = RecordBatch.of(Array.from({ length: 1_024 }, (_, n) => n))
    for (const makers of [[double], [double, double]]) {
      const first = linked(makers, new LastConsumer(failure))
      expect(() => fusedCall(first)(batch)).toThrow(failure)
      expect(first.metrics.snapshot()).not.toHaveProperty('numRecordsSkipped')
    }
  })

  test('does not lose a failure behind it that a function swallows', () => {
    const failure = new TypeError('a bug in a connector')
    const swallow = flatMapOperator((n: number, out: Collector<number>) => {
      for (let i = 0; i < 2_000; i++) {
        try {
          out.collect(n)
        } catch {}
      }
    })
    const call = fusedCall(linked([double, swallow], new LastConsumer(failure)))
    expect(() => call(RecordBatch.of([1]))).toThrow(failure)
  })
})

test('a test may ask for the operators themselves', () => {
  expect(mayFuse(new SeededRandom(1))).toBe(true)
  expect(mayFuse(new SeededRandom(1, (point) => point === 'task.unfused-chain'))).toBe(false)
})

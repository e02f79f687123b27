import { describe, expect, test } from 'vitest'
import { EngineError, ErrorCode } from '../base/engine-error.ts'
import { RecordBatch } from '../core/record-batch.ts'
import { operatorHarness } from '../testing/operator-harness.ts'
import { FilterOperator } from './basic/filter.ts'
import { FlatMapOperator } from './basic/flat-map.ts'
import { MapOperator } from './basic/map.ts'
import type { OneInputOperator } from './operator.ts'
import type { RecordErrorPolicy } from './record-error-policy.ts'
import { DEAD_LETTERS } from './record-error-policy.ts'
import { RecordOperator } from './record-operator.ts'

/** Fails at records that are not below 10. */
class Checked extends RecordOperator<number, number> {
  protected override processRecord(value: number, timestampMs: number): void {
    this.output.collect(checked(value), timestampMs)
  }
}

function checked(value: number): number {
  if (value >= 10) throw new RangeError(`${value} is too much`)
  return value
}

const operators: Record<string, () => OneInputOperator<number>> = {
  RecordOperator: () => new Checked(),
  MapOperator: () => new MapOperator(checked),
  FilterOperator: () => new FilterOperator((value: number) => checked(value) >= 0),
  FlatMapOperator: () => new FlatMapOperator((value: number, out) => out.collect(checked(value))),
}

function failure(run: () => void): EngineError {
  try {
    run()
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError)
    return error as EngineError
  }
  throw new Error('nothing was thrown')
}

describe.each(Object.entries(operators))('the record error policy of %s', (_name, operator) => {
  const harness = (recordErrorPolicy: RecordErrorPolicy, modes?: readonly 'plain'[]) =>
    operatorHarness<number, number>({
      operator,
      recordErrorPolicy,
      operatorName: 'check',
      ...(modes === undefined ? {} : { modes }),
    })

  test('skip counts the record and goes on, three bad of a thousand', () => {
    const h = harness('skip')
    const values = Array.from({ length: 1_000 }, (_, i) => (i % 400 === 0 ? 10 + i : 1))
    h.process(values, 5)
    expect(h.output).toHaveLength(997)
    expect(h.metrics.numRecordsSkipped).toBe(3)
    h.close()
  })

  test('dead-letter keeps record, timestamp and cause', () => {
    const h = harness('dead-letter')
    h.process([1, 11, 2, 12], 5)
    expect(h.output).toEqual([1, 2])
    expect(h.sideOutput(DEAD_LETTERS)).toEqual([
      {
        operatorName: 'check',
        subtaskIndex: 0,
        record: 11,
        origin: undefined,
        timestampMs: 5,
        cause: 'RangeError: 11 is too much',
      },
      expect.objectContaining({ record: 12 }),
    ])
    h.close()
  })

  test('fail names operator, subtask, position, time and record, after the records before', () => {
    const h = harness('fail', ['plain'])
    const error = failure(() => h.process([1, 2, 13, 3], 5))
    expect(error.code).toBe(ErrorCode.USER_FUNCTION)
    expect(error.message).toMatch(
      /operator 'check' \(subtask 0 of 1\) failed at record 2 of its batch \(timestamp 5 ms\)/,
    )
    expect(error.message).toMatch(/RangeError: 13 is too much\. Record: 13\./)
    expect(error.cause).toBeInstanceOf(RangeError)
    expect(h.output).toEqual([1, 2])
  })

  test('a failure downstream is passed on unchanged, whatever the policy', () => {
    const h = harness('skip', ['plain'])
    h.failNext('collect')
    expect(failure(() => h.process([1, 2, 3])).code).toBe('INJECTED_FAULT')
    expect(h.metrics.numRecordsSkipped ?? 0).toBe(0)
  })
})

/** An operator whose downstream throws `error` at the first record. */
function withFailingDownstream<T>(
  operator: OneInputOperator<T>,
  error: unknown,
  recordErrorPolicy: RecordErrorPolicy,
): void {
  const fail = (): never => {
    throw error
  }
  const output = { collect: fail, sideOutput: fail, emitWatermark: fail, flush: fail }
  const task = { operatorName: 'o', subtaskIndex: 0, parallelism: 1 }
  const counter = () => ({ add: () => {}, value: 0 })
  const context = { output, task, recordErrorPolicy, metrics: { counter } }
  operator.setup(context as never)
}

describe('downstream errors that are not of the engine', () => {
  const downstream = new TypeError('a bug in a connector')

  test.each(Object.entries(operators))('%s does not blame its record', (_name, create) => {
    const operator = create()
    withFailingDownstream(operator, downstream, 'skip')
    expect(() => operator.processBatch(RecordBatch.of([1]))).toThrow(downstream)
  })

  const sinning: Record<string, (emit: () => void) => void> = {
    swallow(emit) {
      try {
        emit()
      } catch {}
    },
    disguise(emit) {
      try {
        emit()
      } catch {
        throw new Error('something else')
      }
    },
  }

  test.each(Object.entries(sinning))('user code cannot %s one', (_name, sin) => {
    class Sinner extends RecordOperator<number, number> {
      protected override processRecord(value: number, timestampMs: number): void {
        sin(() => this.output.collect(value, timestampMs))
      }
    }
    const flatMap = new FlatMapOperator<number, number>((value, out) =>
      sin(() => out.collect(value)),
    )
    for (const operator of [new Sinner(), flatMap]) {
      for (const policy of ['skip', 'fail'] as const) {
        withFailingDownstream(operator, downstream, policy)
        expect(() => operator.processBatch(RecordBatch.of([1]))).toThrow(downstream)
      }
    }
  })
})

test.each([
  [ErrorCode.TYPE_MISMATCH, ErrorCode.USER_FUNCTION],
  [ErrorCode.MALFORMED_RECORD, ErrorCode.USER_FUNCTION],
  [ErrorCode.INVALID_ARGUMENT, ErrorCode.USER_FUNCTION],
  [ErrorCode.FILE_SYSTEM, ErrorCode.FILE_SYSTEM],
  [ErrorCode.ASSERTION, ErrorCode.ASSERTION],
  [ErrorCode.INVALID_PROGRAM, ErrorCode.INVALID_PROGRAM],
])('an engine error %s thrown in a user function fails the task as %s', (code, reported) => {
  const operator = () =>
    new MapOperator<number, number>(() => {
      throw new EngineError(code, 'x')
    })
  const h = operatorHarness({ operator, modes: ['plain'] })
  expect(failure(() => h.process([1])).code).toBe(reported)
})

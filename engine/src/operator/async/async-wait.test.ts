import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { type OperatorHarness, operatorHarness } from '../../testing/operator-harness.ts'
import { runInAllModes } from '../../testing/run-in-all-modes.ts'
import { types } from '../../types/types.ts'
import { DEAD_LETTERS } from '../record-error-policy.ts'
import type { AsyncCall, AsyncOptions } from './async-function.ts'
import { exponentialDelayRetry, fixedDelayRetry } from './async-retry-strategy.ts'
import { asyncWaitOperator } from './async-wait.ts'

type Order = 'ordered' | 'unordered'

/** Something outside of the job that answers when the test says so. */
class Service {
  readonly asked: number[] = []
  #waiting: { readonly value: number; readonly answer: (ok: boolean) => void }[] = []

  ask: AsyncCall<number, string> = (value: number) => {
    this.asked.push(value)
    return new Promise((resolve, reject) => {
      const answer = (ok: boolean): void =>
        ok ? resolve(`<${value}>`) : reject(new Error(`no ${value}`))
      this.#waiting.push({ value, answer })
    })
  }

  /** Answers what was asked for these values, in this order. */
  answer(...values: readonly number[]): void {
    for (const value of values) this.#answer(value, true)
  }

  fail(...values: readonly number[]): void {
    for (const value of values) this.#answer(value, false)
  }

  #answer(value: number, ok: boolean): void {
    const answered = this.#waiting.filter((one) => one.value === value)
    this.#waiting = this.#waiting.filter((one) => one.value !== value)
    for (const one of answered) one.answer(ok)
  }
}

function harness(
  order: Order,
  fn: AsyncCall<number, string>,
  options: AsyncOptions<number, string> = {},
  more: Partial<Parameters<typeof operatorHarness>[0]> = {},
): OperatorHarness<number, string> {
  return operatorHarness<number, string>({
    operator: asyncWaitOperator(order, fn, { type: types.int, ...options }),
    modes: ['plain'],
    ...more,
  })
}

describe('order', () => {
  test('orderedWait holds results back until those before have gone', async () => {
    const service = new Service()
    await runInAllModes<number, string>(
      { operator: asyncWaitOperator('ordered', service.ask, { type: types.int }) },
      async (h) => {
        h.process([1, 2], 5)
        h.process([3], 6)
        service.answer(3)
        await h.settle()
        expect(h.output).toEqual([])
        service.answer(1)
        await h.settle()
        expect(h.outputWithTimestamps).toEqual([{ value: '<1>', timestampMs: 5 }])
        service.answer(2, 3)
        await h.settle()
        expect(h.output).toEqual(['<1>', '<2>', '<3>'])
        h.endInput()
        h.close()
      },
    )
  })

  test('unorderedWait emits as answers come, and lets none pass a watermark', async () => {
    const service = new Service()
    const h = harness('unordered', service.ask)
    h.process([1, 2, 3], 1)
    h.watermark(1)
    h.process([4, 5], 2)
    h.watermark(2)
    h.process([6], 3)
    service.answer(5, 3, 1, 6)
    await h.settle()
    expect(h.timeline).toBe('<3>@1 <1>@1')
    service.answer(2)
    await h.settle()
    expect(h.timeline).toBe('<3>@1 <1>@1 <2>@1 W1 <5>@2')
    service.answer(4)
    await h.settle()
    expect(h.timeline).toBe('<3>@1 <1>@1 <2>@1 W1 <5>@2 <4>@2 W2 <6>@3')
    h.watermark(9)
    expect(h.watermarks).toEqual([1, 2, 9])
    h.close()
  })

  test('a watermark and an idle status keep their places in orderedWait', async () => {
    const service = new Service()
    const h = harness('ordered', service.ask)
    h.watermark(1)
    h.process([1], 2)
    h.watermark(2)
    h.watermarkStatus(true)
    expect(h.watermarks).toEqual([1])
    service.answer(1)
    await h.settle()
    expect(h.elements.map((element) => element.kind)).toEqual([
      'watermark',
      'record',
      'watermark',
      'watermark-status',
    ])
    h.close()
  })
})

test('an array is any number of records, and a thrown error is a failed request', async () => {
  const fn = (value: number): Promise<readonly string[]> => {
    if (value === 0) throw new Error('at once')
    return Promise.resolve(Array.from({ length: value - 1 }, (_, i) => `${value}.${i}`))
  }
  const h = harness('ordered', fn, {}, { recordErrorPolicy: 'skip' })
  h.process([3, 1, 0, 2])
  await h.settle()
  expect(h.output).toEqual(['3.0', '3.1', '2.0'])
  expect(h.metrics.numRecordsSkipped).toBe(1)
  h.close()
})

describe('capacity', () => {
  test.each(['ordered', 'unordered'] as const)('%s: the rest of a batch waits', async (order) => {
    const service = new Service()
    const h = harness(order, service.ask, { capacity: 2 })
    h.process([1, 2, 3, 4])
    expect(service.asked).toEqual([1, 2])
    expect(h.isAvailable).toBe(false)
    h.process([5]) // waits in line before the operator
    service.answer(1)
    await h.settle()
    expect(service.asked).toEqual([1, 2, 3])
    service.answer(2, 3)
    await h.settle()
    service.answer(4)
    await h.settle()
    expect(service.asked).toEqual([1, 2, 3, 4, 5])
    expect(h.isAvailable).toBe(true)
    service.answer(5)
    await h.settle()
    expect(h.output).toEqual(['<1>', '<2>', '<3>', '<4>', '<5>'])
    h.close()
  })

  test('in order, an answer that waits for its turn still counts', async () => {
    const service = new Service()
    const h = harness('ordered', service.ask, { capacity: 2 })
    h.process([1, 2, 3])
    service.answer(2)
    await h.settle()
    expect(service.asked).toEqual([1, 2])
    h.close()
  })
})

describe('timeout', () => {
  const withHandler = (service: Service): AsyncCall<number, string> => ({
    asyncInvoke: (value) => (service.ask as (value: number) => Promise<string>)(value),
    timeout: (value) => [`late ${value}`],
  })

  test('calls the handler at the time, per request; a later answer is dropped', async () => {
    const service = new Service()
    const h = harness('unordered', withHandler(service), { timeoutMs: 50 })
    h.process([1])
    h.advanceProcessingTime(20)
    h.process([2, 3])
    service.answer(3)
    await h.settle()
    h.advanceProcessingTime(49)
    expect(h.output).toEqual(['<3>'])
    h.advanceProcessingTime(50)
    expect(h.output).toEqual(['<3>', 'late 1'])
    service.answer(1)
    await h.settle()
    h.advanceProcessingTime(70)
    expect(h.output).toEqual(['<3>', 'late 1', 'late 2'])
    expect(h.metrics.numAsyncTimeouts).toBe(2)
    h.close()
  })

  test('without a handler the record error policy decides', async () => {
    const h = harness('ordered', new Service().ask, { timeoutMs: 50 })
    h.process([7])
    expect(() => h.advanceProcessingTime(50)).toThrow(/no result within 50 ms\. Record: 7/)
    const service = new Service()
    const policy = { recordErrorPolicy: 'dead-letter' as const }
    const lenient = harness('ordered', service.ask, { timeoutMs: 50 }, policy)
    lenient.process([7, 8])
    service.answer(8)
    await lenient.settle()
    lenient.advanceProcessingTime(50)
    expect(lenient.output).toEqual(['<8>'])
    expect(lenient.sideOutput(DEAD_LETTERS)).toEqual([expect.objectContaining({ record: 7 })])
    lenient.close()
  })

  test('counts all retries together', async () => {
    let calls = 0
    const fn = (): Promise<string> => {
      calls++
      return Promise.reject(new Error('down'))
    }
    const retry = fixedDelayRetry<string>({ maxRetries: 100, delayMs: 20 })
    const h = harness(
      'ordered',
      { asyncInvoke: fn, timeout: () => 'gave up' },
      { timeoutMs: 50, retry },
    )
    h.process([1])
    for (const atMs of [20, 40, 60, 80]) {
      await h.settle()
      h.advanceProcessingTime(atMs)
    }
    expect(h.output).toEqual(['gave up'])
    expect(calls).toBe(3)
    h.close()
  })
})

describe('DST-18 retries', () => {
  test('a lookup that fails twice and then succeeds yields one result', async () => {
    let calls = 0
    const fn = (value: number): Promise<string> =>
      ++calls < 3 ? Promise.reject(new Error('down')) : Promise.resolve(`<${value}>`)
    const h = harness('ordered', fn, { retry: fixedDelayRetry({ maxRetries: 3, delayMs: 10 }) })
    h.process([1])
    await h.settle()
    h.advanceProcessingTime(9)
    await h.settle()
    expect(calls).toBe(1)
    h.advanceProcessingTime(10)
    await h.settle()
    h.advanceProcessingTime(20)
    await h.settle()
    expect(h.output).toEqual(['<1>'])
    expect([calls, h.metrics.numAsyncRetries]).toEqual([3, 2])
    h.close()
  })

  test('after the last retry the error counts; predicates choose; results may be retried', async () => {
    const answers: (string | Error)[] = [
      new Error('a'),
      'empty',
      new Error('b'),
      new Error('fatal'),
    ]
    const fn = (): Promise<string> => {
      const answer = answers.shift()
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as string)
    }
    const retry = fixedDelayRetry<string>({
      maxRetries: 5,
      delayMs: 0,
      ifError: (error) => (error as Error).message !== 'fatal',
      ifResult: ([result]) => result === 'empty',
    })
    const h = harness('ordered', fn, { retry })
    h.process([1])
    await expect(
      (async () => {
        for (let i = 0; i < 6; i++) await h.settle()
      })(),
    ).rejects.toThrow(/Error: fatal/)
    expect(answers).toEqual([])
  })

  test('exponential delays grow to their limit; bad numbers are refused', () => {
    const retry = exponentialDelayRetry({ maxRetries: 9, initialDelayMs: 100, maxDelayMs: 1_000 })
    expect([1, 2, 3, 4, 5].map((n) => retry.delayMs(n))).toEqual([100, 200, 400, 800, 1_000])
    const argument = expect.objectContaining({ code: ErrorCode.INVALID_ARGUMENT })
    const exponential = { maxRetries: 1, initialDelayMs: 1, maxDelayMs: 1 }
    expect(() => exponentialDelayRetry({ ...exponential, multiplier: 0.5 })).toThrow(argument)
    expect(() => fixedDelayRetry({ maxRetries: -1, delayMs: 1 })).toThrow(argument)
    expect(() => harness('ordered', new Service().ask, { capacity: 0 })).toThrow(argument)
    expect(() => harness('ordered', new Service().ask, { timeoutMs: 0.5 })).toThrow(argument)
  })
})

test('a failed request fails the task and names the record', async () => {
  const service = new Service()
  const h = harness('ordered', service.ask)
  h.process([4])
  service.fail(4)
  await expect(h.settle()).rejects.toThrow(/no 4.*Record: 4/)
})

test('the end of the input waits for the requests under way', async () => {
  const service = new Service()
  const h = harness('ordered', service.ask, { capacity: 1 })
  h.process([1])
  service.answer(1)
  await h.settle()
  h.process([2])
  h.endInput()
  service.answer(2)
  await h.settle()
  expect(h.output).toEqual(['<1>', '<2>'])
  h.close()
})

test('DST-19 each record has one result, wherever a restore comes and whatever the answers do', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<Order>('ordered', 'unordered'),
      fc.integer({ min: 1, max: 12 }),
      fc.array(fc.constantFrom('record', 'answer', 'watermark', 'restore', 'rescale'), {
        maxLength: 30,
      }),
      fc.infiniteStream(fc.nat()),
      async (order, capacity, steps, dice) => {
        const service = new Service()
        const h = harness(order, service.ask, { capacity })
        const open: number[] = []
        let sent = 0
        for (const step of steps) {
          if (step === 'record') {
            h.process([sent], sent)
            open.push(sent++)
          } else if (step === 'watermark') {
            h.watermark(sent - 1)
          } else if (step === 'answer' && open.length > 0) {
            const index = (dice.next().value as number) % open.length
            service.answer(...open.splice(index, 1))
          } else if (h.isAvailable && step !== 'answer') {
            await h.settle()
            h.restore(h.snapshot(), { parallelism: step === 'rescale' ? 2 : 1 })
          }
          await h.settle()
          for (const value of service.asked) if (!open.includes(value)) service.answer(value)
          await h.settle()
        }
        for (let i = 0; i < sent + 1; i++) {
          service.answer(...service.asked)
          await h.settle()
        }
        const results = Array.from({ length: sent }, (_, i) => `<${i}>`)
        expect([...h.output].sort()).toEqual([...results].sort())
        if (order === 'ordered' && !steps.includes('rescale')) expect(h.output).toEqual(results)
        h.close()
      },
    ),
    { seed: 19, numRuns: 60 },
  )
})

/// <reference types="node" />
import { expect, test } from 'vitest'
import {
  asyncDataStream,
  type DataStream,
  getExecutionEnvironment,
  outputTag,
} from '../../src/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'

interface Counter {
  readonly start: number
  readonly left: number
  readonly rounds: number
}

const begin = (start: number): Counter => ({ start, left: start, rounds: 0 })
const done = (counter: Counter): string => `${counter.start} after ${counter.rounds}`

/** Counts each record down to 0 by way of the loop. */
function countDown(
  numbers: DataStream<number>,
  body: (stream: DataStream<Counter>) => DataStream<Counter> = (stream) => stream,
): DataStream<string> {
  const loop = numbers.map(begin).iterate()
  const counted = body(loop).map((one) =>
    one.left === 0 ? one : { ...one, left: one.left - 1, rounds: one.rounds + 1 },
  )
  loop.closeWith(counted.filter((one) => one.left > 0))
  return counted.filter((one) => one.left === 0).map(done)
}

const numbers = Array.from({ length: 60 }, (_, i) => (i * 37) % 50)
const expected = numbers.map((n) => `${n} after ${n}`).sort()

test.each([1, 3])(
  'DST-22 numbers fed back until 0 terminate with the right count, parallelism %i',
  async (parallelism) => {
    const env = getExecutionEnvironment().setParallelism(parallelism)
    const result = await countDown(env.fromCollection(numbers)).executeAndCollect()
    expect(result.sort()).toEqual(expected)
  },
)

test.each([
  ['an exchange by key', (stream: DataStream<Counter>) => stream.keyBy('left').map((one) => one)],
  ['its own tasks', (stream: DataStream<Counter>) => stream.map((one) => one).startNewChain()],
  ['a rebalance', (stream: DataStream<Counter>) => stream.rebalance().map((one) => one)],
  [
    'async I/O',
    (stream: DataStream<Counter>) =>
      asyncDataStream.unorderedWait(stream, async (one: Counter) => [one]),
  ],
])('DST-22 with %s in the loop', async (_name, body) => {
  const env = getExecutionEnvironment().setParallelism(2)
  const result = await countDown(env.fromCollection(numbers), body).executeAndCollect()
  expect(result.sort()).toEqual(expected)
})

test('DST-22 an empty input, and a loop that nothing goes round, end too', async () => {
  const env = getExecutionEnvironment().setParallelism(2)
  expect(await countDown(env.fromCollection<number>([])).executeAndCollect()).toEqual([])
  expect(await countDown(env.fromElements(0)).executeAndCollect()).toEqual(['0 after 0'])
})

test('DST-22 a record may become many on its way round', async () => {
  const env = getExecutionEnvironment().setParallelism(2)
  const loop = env.fromElements('').iterate()
  const words = loop.flatMap<string>((word, out) => {
    for (const letter of ['a', 'b']) out.collect(word + letter)
  })
  loop.closeWith(words.filter((word) => word.length < 9))
  const result = await words.filter((word) => word.length === 9).executeAndCollect()
  expect(new Set(result).size).toBe(2 ** 9)
  expect(result).toHaveLength(2 ** 9)
})

test.each([
  [1, 1],
  [2, 2],
  [3, 2],
  [4, 3],
])(
  'DST-22 crashes lose and double nothing that goes round, seed %i, parallelism %i',
  async (seed, parallelism) => {
    const input = new ScriptedInput<number>()
    const log = new FakeTransactionLog<string>()
    // The lookups take few records at a time, so barriers wait before them while others go round.
    const slowly = (stream: DataStream<Counter>): DataStream<Counter> => {
      const lookup = (one: Counter): Promise<Counter> => {
        const afterMs = 2 + ((one.start * 13 + one.left * 7 + seed) % 9)
        return new Promise((resolve) => job.world.after(afterMs, () => resolve(one)))
      }
      const byStart = stream.keyBy('start').map((one) => one)
      return asyncDataStream.unorderedWait(byStart.rebalance(), lookup, { capacity: 2 })
    }
    const job = testJob(
      (env) => {
        env.setParallelism(parallelism).enableCheckpointing(150)
        const source = env.fromSource(scriptedSource(input)).rebalance()
        countDown(source, slowly).sinkTo(transactionalSink(log))
      },
      { seed },
    )
    await job.feed(
      input,
      numbers.slice(0, 30).map((n) => record(n)),
    )
    await job.kill()
    await job.advance(130 * seed)
    await job.kill()
    await job.feed(
      input,
      numbers.slice(30).map((n) => record(n)),
    )
    input.end()
    await job.advance(170 * seed)
    await job.kill()
    await job.finish()
    expect([...log.committed].sort()).toEqual(expected)
  },
)

test('DST-22 a side output may come back, and event time goes round', async () => {
  const again = outputTag<number>('again')
  const env = getExecutionEnvironment()
  const loop = env.fromElements(5, 2).iterate()
  const steps = loop.process<number>({
    processElement(n, ctx, out) {
      if (n > 0) ctx.output(again, n - 1)
      else out.collect(n)
    },
  })
  loop.closeWith(steps.getSideOutput(again))
  expect(await steps.executeAndCollect()).toEqual([0, 0])
})

test('DST-22 loops that are not closed, closed twice or of two parallelisms are refused', async () => {
  const open = getExecutionEnvironment()
  const never = open.fromElements(1).iterate()
  await expect(never.executeAndCollect()).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/nothing closes; call closeWith/) },
  })
  const twice = getExecutionEnvironment().fromElements(1).iterate()
  twice.closeWith(twice)
  expect(() => twice.closeWith(twice)).toThrow(/called twice/)
  const env = getExecutionEnvironment()
  const loop = env.fromElements(1).iterate()
  loop.closeWith(loop.filter(() => false))
  loop.setParallelism(2)
  await expect(loop.executeAndCollect()).rejects.toMatchObject({
    cause: { message: expect.stringMatching(/parallelism 1 and 2|parallelism 2 and 1/) },
  })
})

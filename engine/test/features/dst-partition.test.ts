/// <reference types="node" />
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Collector,
  getExecutionEnvironment,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type RuntimeContext,
  reinterpretAsKeyedStream,
  types,
  type ValueState,
  valueState,
} from '../../src/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { SimHost } from './run-in-sim.ts'

interface Item {
  readonly key: string
  readonly n: number
}

const itemsOf = fc.array(
  fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), n: fc.integer({ min: -9, max: 9 }) }),
  { maxLength: 30 },
)

const sumOf = {
  createAccumulator: (): { sum: number } => ({ sum: 0 }),
  add(item: Item, accumulator: { sum: number }) {
    accumulator.sum += item.n
    return accumulator
  },
  getResult: ({ sum }: { sum: number }): number => sum,
  merge: (left: { sum: number }, right: { sum: number }) => ({ sum: left.sum + right.sum }),
}

function byKey(items: readonly Item[]): Item[][] {
  return ['a', 'b', 'c', 'd']
    .map((key) => items.filter((item) => item.key === key))
    .filter((list) => list.length > 0)
}

test('DST-23 per key: sorted, mapped, aggregated and reduced equal a reference', async () => {
  await fc.assert(
    fc.asyncProperty(itemsOf, fc.constantFrom(1, 3), async (items, parallelism) => {
      const partitions = () =>
        getExecutionEnvironment()
          .setParallelism(parallelism)
          .fromCollection(items)
          .keyBy('key')
          .fullWindowPartition()
      const sorted = await partitions()
        .sortPartition((item) => item.n)
        .executeAndCollect()
      const expected = byKey(items).map((list) => [...list].sort((l, r) => l.n - r.n))
      expect(byKey(sorted)).toEqual(expected)
      const falling = await partitions()
        .sortPartition((item) => item.n, 'descending')
        .executeAndCollect()
      expect(byKey(falling).map((list) => list.map((item) => item.n))).toEqual(
        expected.map((list) => list.map((item) => item.n).reverse()),
      )
      const counts = await partitions()
        .mapPartition<string>((list, out) => out.collect(`${list[0]?.key} ${list.length}`))
        .executeAndCollect()
      expect(counts.sort()).toEqual(byKey(items).map((list) => `${list[0]?.key} ${list.length}`))
      const sums = byKey(items).map((list) => list.reduce((sum, item) => sum + item.n, 0))
      const ascending = (list: number[]): number[] => list.sort((l, r) => l - r)
      expect(ascending(await partitions().aggregate(sumOf).executeAndCollect())).toEqual(
        ascending([...sums]),
      )
      const reduced = await partitions()
        .reduce((left, right) => ({ key: left.key, n: left.n + right.n }))
        .map((item) => item.n)
        .executeAndCollect()
      expect(ascending(reduced)).toEqual(ascending([...sums]))
    }),
    { seed: 23, numRuns: 15 },
  )
})

test('DST-23 without a key: the records of a subtask are one partition', async () => {
  const env = getExecutionEnvironment().setParallelism(3)
  const perSubtask = await env
    .fromCollection(Array.from({ length: 30 }, (_, i) => 30 - i))
    .fullWindowPartition()
    .sortPartition((n) => n)
    .fullWindowPartition()
    .mapPartition<readonly number[]>({
      mapPartition: (list, out) => out.collect([...list]),
    })
    .executeAndCollect()
  expect(perSubtask.map((list) => list.length)).toEqual([10, 10, 10])
  for (const list of perSubtask) expect(list).toEqual([...list].sort((l, r) => l - r))
  const sum = await getExecutionEnvironment()
    .fromElements(1, 2, 3)
    .fullWindowPartition()
    .reduce((left, right) => left + right)
    .executeAndCollect()
  expect(sum).toEqual([6])
})

test('DST-23 crash or no crash, each partition is computed once over all its records', async () => {
  for (const keyed of [true, false]) {
    const input = new ScriptedInput<Item>()
    const log = new FakeTransactionLog<number>()
    const job = testJob((env) => {
      env.enableCheckpointing(300)
      const items = env.fromSource(scriptedSource(input))
      const partitions = keyed ? items.keyBy('key') : items
      partitions.fullWindowPartition().aggregate(sumOf).sinkTo(transactionalSink(log))
    })
    for (let n = 0; n < 3; n++) {
      await job.feed(input, [record({ key: 'a', n }), record({ key: 'b', n: 10 * n })])
      await job.kill()
    }
    input.end()
    await job.finish()
    expect([...log.committed].sort((l, r) => l - r)).toEqual(keyed ? [3, 30] : [33])
  }
})

/** Emits each record with how often its key was seen. */
class Count implements KeyedProcessFunction<string, Item, Item> {
  seen: ValueState<number> | undefined

  open(context: RuntimeContext): void {
    this.seen = context.getState(valueState<number>('seen', { type: types.int }))
  }

  processElement(item: Item, _ctx: KeyedProcessContext<string>, out: Collector<Item>): void {
    const seen = (this.seen?.value() ?? 0) + 1
    this.seen?.update(seen)
    out.collect({ ...item, n: seen })
  }
}

test('DST-23 any plain values are sorted, and collected in order whatever the parallelism', async () => {
  const sorted = await getExecutionEnvironment()
    .setParallelism(4)
    .fromElements<unknown>(2, Number.NaN, null, 'b', -1, 'a', [1, 2], [1])
    .fullWindowPartition()
    .sortPartition((value) => value)
    .setParallelism(1)
    .executeAndCollect()
  expect(sorted).toEqual([null, -1, 2, Number.NaN, 'a', 'b', [1], [1, 2]])
})

test('DST-23 the type of a stream is that of its state, so there is nothing to warn of', async () => {
  const host = new SimHost()
  const itemType = types.row({ key: types.string, n: types.int })
  await host.run(async (env) => {
    const items = () =>
      env.fromElements<Item>({ key: 'a', n: 2 }, { key: 'a', n: 1 }).returns(itemType)
    const sorted = items()
      .fullWindowPartition()
      .sortPartition((item) => item.n)
    expect(await sorted.executeAndCollect()).toHaveLength(2)
    const keyed = items().keyBy((item) => item.key, types.string)
    const first = keyed.fullWindowPartition().reduce((left) => left)
    expect(await first.executeAndCollect()).toHaveLength(1)
  })
  expect(host.warnings.filter((warning) => warning.includes('no declared type'))).toEqual([])
})

test('DST-23 a null accumulator is a value like any other', async () => {
  // Null from the first negative number on.
  const untilNegative = {
    createAccumulator: (): number | null => 0,
    add: (n: number, sum: number | null) => (sum === null || n < 0 ? null : sum + n),
    getResult: (sum: number | null): string => `sum ${sum}`,
    merge: (left: number | null, right: number | null) =>
      left === null || right === null ? null : left + right,
  }
  const sums = getExecutionEnvironment().fromElements(1, -1, 2).fullWindowPartition()
  expect(await sums.aggregate(untilNegative).executeAndCollect()).toEqual(['sum null'])
})

test('PAR-05 reinterpretAsKeyedStream: no shuffle in the plan, and keyed state works', async () => {
  const env = getExecutionEnvironment().setParallelism(3)
  const items = Array.from({ length: 60 }, (_, i) => ({ key: `k${i % 7}`, n: 0 }))
  const counted = env.fromCollection(items).keyBy('key').process<Item>(new Count()).name('first')
  const again = reinterpretAsKeyedStream(counted, (item) => item.key)
    .process<Item>(new Count())
    .name('second')
  const plan = (() => {
    const planned = getExecutionEnvironment().setParallelism(3)
    const first = planned
      .fromCollection(items)
      .keyBy('key')
      .process<Item>(new Count())
      .name('first')
    const second = reinterpretAsKeyedStream(first, (item) => item.key).process(new Count())
    second.name('second').print()
    return planned.explainJson()
  })()
  const second = plan.operators.find((operator) => operator.name === 'second')
  expect(second?.inputs.map((input) => input.shipStrategy)).toEqual(['FORWARD'])
  expect(second?.keyed).toBe(true)
  expect(plan.vertices.some((vertex) => vertex.name.includes('first -> second'))).toBe(true)
  const last = new Map<string, number>()
  for (const { key, n } of await again.executeAndCollect()) {
    expect(n).toBe((last.get(key) ?? 0) + 1)
    last.set(key, n)
  }
  expect([...last.values()].reduce((sum, n) => sum + n)).toBe(60)
})

test('PAR-05 another parallelism is refused', () => {
  const env = getExecutionEnvironment().setParallelism(3)
  const counted = env.fromElements({ key: 'a', n: 1 }).keyBy('key').process<Item>(new Count())
  reinterpretAsKeyedStream(counted, (item) => item.key)
    .process<Item>(new Count())
    .setParallelism(2)
    .print()
  expect(() => env.explain()).toThrow(/needs equal parallelism/)
})

test('PAR-05 keyed state of a reinterpreted stream survives a crash', async () => {
  const input = new ScriptedInput<Item>()
  const log = new FakeTransactionLog<string>()
  const job = testJob((env) => {
    env.setParallelism(3).enableCheckpointing(300)
    const keyed = env.fromSource(scriptedSource(input)).keyBy('key')
    reinterpretAsKeyedStream(keyed.process<Item>(new Count()), (item) => item.key)
      .process<Item>(new Count())
      .map(({ key, n }) => `${key} ${n}`)
      .sinkTo(transactionalSink(log))
  })
  const keys = ['a', 'b', 'c', 'd', 'e']
  for (let round = 0; round < 3; round++) {
    await job.feed(
      input,
      keys.map((key) => record({ key, n: 0 })),
    )
    await job.kill()
  }
  input.end()
  await job.finish()
  expect([...log.committed].sort()).toEqual(
    keys.flatMap((key) => [1, 2, 3].map((n) => `${key} ${n}`)),
  )
})

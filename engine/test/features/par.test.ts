import { expect, test } from 'vitest'
import {
  type DataStream,
  getExecutionEnvironment,
  type RuntimeContext,
  type StreamExecutionEnvironment,
} from '../../src/index.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, runInSim, SimHost } from './run-in-sim.ts'

interface Placed {
  readonly value: number
  readonly subtask: number
}

class Place {
  subtask = -1
  open(context: RuntimeContext): void {
    this.subtask = context.task.subtaskIndex
  }
  map(value: number): Placed {
    return { value, subtask: this.subtask }
  }
}

/** The records by subtask of an operator of parallelism `to`, behind an exchange. */
async function split(
  from: number,
  to: number,
  exchange: (numbers: DataStream<number>) => DataStream<number>,
): Promise<number[][]> {
  const placed = await runInSim((env) => {
    const numbers = env
      .fromSequence(0, 99)
      .rebalance()
      .map((n) => n)
      .setParallelism(from)
    return exchange(numbers).map(new Place()).setParallelism(to).executeAndCollect()
  })
  const bySubtask: number[][] = Array.from({ length: to }, () => [])
  for (const { value, subtask } of placed) bySubtask[subtask]?.push(value)
  return bySubtask.map((values) => values.sort((a, b) => a - b))
}

const counts = (parts: number[][]): number[] => parts.map((part) => part.length)
const all = Array.from({ length: 100 }, (_, n) => n)

test('PAR-02 state written at p=2 is found by its keys at p=8 and p=1', async () => {
  const host = new SimHost()
  const input = new ScriptedInput<number>()
  const sums = new ArraySink<string>()
  const settings = (parallelism: number) => ({
    'parallelism.default': parallelism,
    'execution.checkpointing.interval': 100,
    'execution.checkpointing.dir': '/checkpoints',
    'execution.state-recovery.path': 'latest',
  })
  const start = async (env: StreamExecutionEnvironment): Promise<void> => {
    env
      .fromSource(scriptedSource(input))
      .setParallelism(1)
      .uid('input')
      .map((n) => ({ key: n % 20, n: 1 }))
      .setParallelism(1)
      .keyBy('key')
      .sum('n')
      .uid('counts')
      .map(({ key, n }) => `${key}:${n}`)
      .sinkTo(sums)
    await env.executeAsync('counts')
  }
  for (const parallelism of [2, 8, 1]) {
    await host.run(async (env, process) => {
      await start(env)
      await pass(process, 50)
      input.feed(all.slice(0, 20).map((n) => record(n)))
      await pass(process, 1_000)
    }, settings(parallelism))
  }
  const expected = [1, 2, 3].flatMap((n) => all.slice(0, 20).map((key) => `${key}:${n}`))
  expect([...sums.records].sort()).toEqual(expected.sort())
  const changed = host.run(start, { ...settings(2), 'pipeline.max-parallelism': 64 })
  await expect(changed).rejects.toThrow(/max parallelism 64.*written with 128.*set it to 128/s)
})

test('PAR-03 each partitioner sends as it is defined', async () => {
  expect(counts(await split(1, 4, (n) => n.rebalance()))).toEqual([25, 25, 25, 25])
  expect(counts(await split(2, 4, (n) => n.global()))).toEqual([100, 0, 0, 0])
  expect(await split(2, 3, (n) => n.broadcast())).toEqual([all, all, all])
  const shuffled = await split(2, 4, (n) => n.shuffle())
  expect(shuffled.flat().sort((a, b) => a - b)).toEqual(all)
  expect(Math.min(...counts(shuffled))).toBeGreaterThan(5)
})

test('PAR-03 forward keeps the subtask, rescale stays within its own share', async () => {
  const odd = all.filter((n) => n % 2 === 1)
  const even = all.filter((n) => n % 2 === 0)
  expect(await split(2, 2, (n) => n.forward())).toEqual([even, odd])
  const [a = [], b = [], c = [], d = []] = await split(2, 4, (n) => n.rescale())
  expect([...a, ...b].sort((x, y) => x - y)).toEqual(even)
  expect([...c, ...d].sort((x, y) => x - y)).toEqual(odd)
  expect(counts([a, b, c, d])).toEqual([25, 25, 25, 25])
  expect(counts(await split(4, 2, (n) => n.rescale()))).toEqual([50, 50])
})

test('PAR-04 a partitioner by last digit gives exactly that split', async () => {
  const parts = await split(2, 10, (numbers) =>
    numbers.partitionCustom(
      (digit: number, subtasks) => digit % subtasks,
      (n) => n % 10,
    ),
  )
  expect(parts).toEqual(all.slice(0, 10).map((digit) => all.filter((n) => n % 10 === digit)))
})

test('PAR-04 a partitioner that names no subtask fails the job with what it returned', async () => {
  const numbers = getExecutionEnvironment({ warn: () => {} })
    .fromElements(7)
    .partitionCustom(
      () => 5,
      (n) => n,
    )
    .map((n) => n)
    .setParallelism(2)
  await expect(numbers.executeAndCollect()).rejects.toThrow(/returned 5|5/)
})

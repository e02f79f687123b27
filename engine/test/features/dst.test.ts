/// <reference types="node" />
import { expect, test, vi } from 'vitest'
import {
  type Collector,
  datagenSource,
  discardSink,
  getExecutionEnvironment,
  outputTag,
  type ProcessContext,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '../../src/index.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { failOnce, record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { bytesOf, pass, readText, runInSim, SimHost, writeText } from './run-in-sim.ts'

test('DST-01 fromElements, fromCollection, fromSequence and readTextFile emit their content', async () => {
  const env = getExecutionEnvironment()
  expect(await env.fromElements('a', 'b').executeAndCollect()).toEqual(['a', 'b'])
  expect(await env.fromCollection([3, 1, 2]).executeAndCollect()).toEqual([3, 1, 2])
  const numbers = await env.setParallelism(3).fromSequence(5, 9).executeAndCollect()
  expect(numbers.sort()).toEqual([5, 6, 7, 8, 9])
  const lines = await runInSim(async (sim, process) => {
    await writeText(process, '/in/one.txt', 'to be\nor not\n')
    await writeText(process, '/in/two.txt', 'to be')
    return sim.readTextFile('/in').executeAndCollect()
  })
  expect(lines.sort()).toEqual(['or not', 'to be', 'to be'])
})

test('DST-01 socket WordCount over a server counts the typed lines', async () => {
  const host = new SimHost()
  const server = host.world.createProcess('server')
  host.world.start(server, async () => {
    await server.env.transport.listen({ host: 'server', port: 9999 }, (connection) => {
      connection.receive({ onBytes: () => {}, onClose: () => {} })
      void connection
        .send(bytesOf('to be or'))
        .then(() => connection.send(bytesOf(' not\nto be\n')))
        .then(() => connection.close())
    })
  })
  const counts = await host.run((env) =>
    env
      .socketTextStream('server', 9999, { maxRetries: 3 })
      .flatMap<{ word: string; n: number }>((line, out) => {
        for (const word of line.split(' ')) out.collect({ word, n: 1 })
      })
      .keyBy('word')
      .sum('n')
      .map(({ word, n }) => `${word} ${n}`)
      .executeAndCollect(),
  )
  expect(counts).toEqual(['to 1', 'be 1', 'or 1', 'not 1', 'to 2', 'be 2'])
})

test('DST-02 map: [1, 2, 3] times 2 gives [2, 4, 6]', async () => {
  const numbers = getExecutionEnvironment().fromElements(1, 2, 3)
  expect(await numbers.map((n) => n * 2).executeAndCollect()).toEqual([2, 4, 6])
})

test('DST-03 flatMap with a collector: "a b" and "" give a, b and nothing', async () => {
  const words = getExecutionEnvironment()
    .fromElements('a b', '')
    .flatMap<string>((line, out) => {
      for (const word of line.split(' ')) if (word !== '') out.collect(word)
    })
  expect(await words.executeAndCollect()).toEqual(['a', 'b'])
})

test('DST-04 filter: the odd numbers of 1..10 are five', async () => {
  const odd = getExecutionEnvironment()
    .fromSequence(1, 10)
    .filter((n) => n % 2 === 1)
  expect(await odd.executeAndCollect()).toEqual([1, 3, 5, 7, 9])
})

/** Emits which subtask saw the key. */
class Whereabouts {
  subtask = -1
  open(context: RuntimeContext): void {
    this.subtask = context.task.subtaskIndex
  }
  map(value: { readonly key: string }): string {
    return `${value.key} ${this.subtask}`
  }
}

test('DST-05 keyBy: a key reaches one subtask, by selector and by field, also after a restart', async () => {
  const keys = Array.from({ length: 40 }, (_, index) => ({ key: `k${index % 20}` }))
  const placesOf = async (by: 'field' | 'selector', fails: boolean): Promise<readonly string[]> => {
    const input = new ScriptedInput<{ key: string }>()
    const places = new ArraySink<string>()
    input.feed(keys.slice(0, 20).map((value) => record(value)))
    if (fails) input.feed([failOnce()])
    input.feed(keys.slice(20).map((value) => record(value)))
    input.end()
    const job = testJob((env) => {
      const stream = env.enableCheckpointing(1_000).fromSource(scriptedSource(input))
      const keyed = by === 'field' ? stream.keyBy('key') : stream.keyBy((value) => value.key)
      keyed.map(new Whereabouts()).setParallelism(4).sinkTo(places)
    })
    expect((await job.finish()).restarts).toBe(fails ? 1 : 0)
    return [...new Set(places.records)].sort()
  }
  const places = await placesOf('field', false)
  expect(places).toHaveLength(20)
  expect(new Set(places.map((place) => place.split(' ')[1])).size).toBe(4)
  expect(await placesOf('selector', false)).toEqual(places)
  expect(await placesOf('field', true)).toEqual(places)
})

test('DST-06 reduce: (a,1),(b,2),(a,3) gives (a,1),(b,2),(a,4)', async () => {
  const sums = getExecutionEnvironment()
    .fromElements({ k: 'a', n: 1 }, { k: 'b', n: 2 }, { k: 'a', n: 3 })
    .keyBy('k')
    .reduce((left, right) => ({ k: left.k, n: left.n + right.n }))
  expect(await sums.executeAndCollect()).toEqual([
    { k: 'a', n: 1 },
    { k: 'b', n: 2 },
    { k: 'a', n: 4 },
  ])
})

test('DST-07 sum, min, max keep the first other fields; minBy, maxBy return whole records', async () => {
  const env = getExecutionEnvironment()
  const trades = [
    { k: 'a', price: 5, id: 1 },
    { k: 'a', price: 3, id: 2 },
    { k: 'a', price: 7, id: 3 },
  ]
  const last = async (records: Promise<object[]>): Promise<unknown> => (await records).at(-1)
  const keyed = () => env.fromCollection(trades).keyBy('k')
  const of = (price: number, id: number) => ({ k: 'a', price, id })
  expect(await last(keyed().sum('price').executeAndCollect())).toEqual(of(15, 1))
  expect(await last(keyed().min('price').executeAndCollect())).toEqual(of(3, 1))
  expect(await last(keyed().max('price').executeAndCollect())).toEqual(of(7, 1))
  expect(await last(keyed().minBy('price').executeAndCollect())).toEqual(of(3, 2))
  expect(await last(keyed().maxBy('price').executeAndCollect())).toEqual(of(7, 3))
})

test('DST-09 union: three streams sum their counts, a union with itself doubles each record', async () => {
  const env = getExecutionEnvironment()
  const three = env.fromElements(1, 2).union(env.fromElements(3), env.fromElements(4, 5, 6))
  expect((await three.executeAndCollect()).sort()).toEqual([1, 2, 3, 4, 5, 6])
  const one = env.fromElements(1, 2)
  expect((await one.union(one).executeAndCollect()).sort()).toEqual([1, 1, 2, 2])
})

/** Scales values by the factor the control stream has set for their key. */
class Scale {
  factor!: ValueState<number>
  open(context: RuntimeContext): void {
    this.factor = context.getState(valueState('factor', { type: types.number, initialValue: 1 }))
  }
  flatMap1(rule: { readonly k: string; readonly factor: number }): void {
    this.factor.update(rule.factor)
  }
  flatMap2(value: { readonly k: string; readonly n: number }, out: Collector<string>): void {
    out.collect(`${value.k} ${value.n * (this.factor.value() ?? 0)}`)
  }
}

test('DST-10 connect: a rule sent first changes the later data of its key; coMap maps both', async () => {
  const rules = new ScriptedInput<{ k: string; factor: number }>()
  const data = new ScriptedInput<{ k: string; n: number }>()
  const results = new ArraySink<string>()
  const job = testJob((env) => {
    env.setParallelism(2)
    const control = env.fromSource(scriptedSource(rules)).keyBy('k')
    const values = env.fromSource(scriptedSource(data)).keyBy('k')
    control.connect(values).flatMap(new Scale()).sinkTo(results)
  })
  await job.feed(rules, [record({ k: 'a', factor: 10 })])
  await job.feed(data, [record({ k: 'a', n: 3 }), record({ k: 'b', n: 3 })])
  rules.end()
  data.end()
  await job.finish()
  expect([...results.records].sort()).toEqual(['a 30', 'b 3'])
  const env = getExecutionEnvironment()
  const both = env
    .fromElements(1)
    .connect(env.fromElements('x'))
    .map({ map1: (n: number) => `number ${n}`, map2: (text: string) => `text ${text}` })
  expect((await both.executeAndCollect()).sort()).toEqual(['number 1', 'text x'])
})

test('DST-11 side outputs: even to the main output, odd to the side, none in both', async () => {
  const env = getExecutionEnvironment()
  const odd = outputTag<number>('odd')
  const sides = new ArraySink<number>()
  const main = env.fromSequence(1, 10).process<number>({
    processElement(n: number, ctx: ProcessContext, out: Collector<number>) {
      if (n % 2 === 0) out.collect(n)
      else ctx.output(odd, n)
    },
  })
  main.getSideOutput(odd).sinkTo(sides)
  expect(await main.executeAndCollect()).toEqual([2, 4, 6, 8, 10])
  expect(sides.records).toEqual([1, 3, 5, 7, 9])
})

test('DST-20 process without keys emits to main and side and reads timestamps', async () => {
  const env = getExecutionEnvironment()
  const early = outputTag<string>('early')
  const sides = new ArraySink<string>()
  const main = env
    .fromElements(1_000, 2_000, 3_000)
    .assignTimestampsAndWatermarks(
      watermarks.monotonous<number>().withTimestampAssigner((n) => n * 2),
    )
    .process<string>({
      processElement(n: number, ctx: ProcessContext, out: Collector<string>) {
        const line = `${n} at ${ctx.timestamp()}`
        if (n === 1_000) ctx.output(early, line)
        else out.collect(line)
      },
    })
  main.getSideOutput(early).sinkTo(sides)
  expect(await main.executeAndCollect()).toEqual(['2000 at 4000', '3000 at 6000'])
  expect(sides.records).toEqual(['1000 at 2000'])
})

test('DST-25 print names the subtask when there are several; printToErr writes to the other stream', async () => {
  const out = vi.spyOn(console, 'log').mockImplementation(() => {})
  const err = vi.spyOn(console, 'error').mockImplementation(() => {})
  try {
    const env = getExecutionEnvironment()
    env.fromElements('one').print()
    env.fromElements('bad').printToErr('errors')
    const two = env
      .fromElements('x', 'y')
      .rebalance()
      .map((text) => text)
    two.setParallelism(2).print('two').setParallelism(2)
    await env.execute()
    const lines = out.mock.calls.map(([line]) => line).sort()
    expect(lines).toEqual(['one', 'two:1> x', 'two:2> y'])
    expect(err.mock.calls).toEqual([['errors> bad']])
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
})

test('DST-25 writeAsText and writeAsCsv write files', async () => {
  const host = new SimHost()
  await host.run(async (env) => {
    const rows = env.fromElements({ a: 1, b: 'x,y' }, { a: 2, b: 'z' })
    rows.writeAsCsv('/csv', ['b', 'a'])
    rows.map(({ a, b }) => `${a} ${b}`).writeAsText('/text')
    expect(() => rows.writeAsCsv('/csv', [])).toThrow('needs columns')
    expect(() => rows.writeAsText('')).toThrow('path is empty')
    await env.execute()
  })
  const contents = async (folder: string): Promise<readonly string[]> => {
    const paths = await host.files(folder)
    const read = (path: string): Promise<string> =>
      host.run((_, process) => readText(process, path))
    return Promise.all(paths.map(read))
  }
  expect(await contents('/csv')).toEqual(['"x,y",1\nz,2\n'])
  expect(await contents('/text')).toEqual(['1 x,y\n2 z\n'])
  expect((await host.files('/csv'))[0]).toMatch(/\/part-0-.*\.csv$/)
  expect((await host.files('/text'))[0]).toMatch(/\/part-0-.*\.txt$/)
})

test('DST-25 writeAsText is exactly once: a failure between checkpoints repeats no line', async () => {
  const host = new SimHost()
  const input = new ScriptedInput<number>()
  await host.run(
    async (env, process) => {
      env.fromSource(scriptedSource(input)).uid('in').writeAsText('/out').uid('out')
      const client = await env.executeAsync('numbers')
      for (let n = 0; n < 30; n++) {
        input.feed(n % 10 === 7 ? [record(n), failOnce()] : [record(n)])
        await pass(process, 35)
      }
      input.end()
      expect((await client.result()).restarts).toBe(3)
    },
    {
      'execution.checkpointing.interval': 100,
      'execution.checkpointing.dir': '/checkpoints',
      'restart-strategy.type': 'fixed-delay',
      'restart-strategy.fixed-delay.attempts': 5,
      'restart-strategy.fixed-delay.delay': 10,
    },
  )
  const lines = await host.run((env) => env.readTextFile('/out').executeAndCollect())
  const inOrder = lines.map(Number).sort((left, right) => left - right)
  expect(inOrder).toEqual(Array.from({ length: 30 }, (_, n) => n))
  expect((await host.files('/out')).length).toBeGreaterThan(3)
})

test('DST-26 names, descriptions and uids are in the plan', () => {
  const env = getExecutionEnvironment()
  env
    .fromElements(1)
    .map((n) => n + 1)
    .name('Plus one')
    .setDescription('adds one to each number')
    .uid('plus-one')
    .sinkTo(discardSink())
  const operator = env.explainJson().operators[1]
  expect(operator).toMatchObject({
    name: 'Plus one',
    uid: 'plus-one',
    description: 'adds one to each number',
  })
})

test('DST-28 10k rows at 1k/s take about 10 s; the same seed gives the same rows', async () => {
  const run = (seed: number): Promise<{ rows: readonly number[]; tookMs: number }> =>
    runInSim(async (env) => {
      const rows = new ArraySink<number>()
      const source = datagenSource({
        generate: (_, random) => random.below(1_000_000),
        count: 10_000,
        ratePerSecond: 1_000,
        seed,
      })
      env.fromSource(source).sinkTo(rows)
      const { runtimeMs } = await env.execute()
      return { rows: rows.records, tookMs: runtimeMs }
    })
  const [first, second, other] = [await run(7), await run(7), await run(8)]
  expect(first.rows).toHaveLength(10_000)
  expect(first.tookMs).toBeGreaterThan(9_400)
  expect(first.tookMs).toBeLessThan(10_600)
  expect(second.rows).toEqual(first.rows)
  expect(other.rows).not.toEqual(first.rows)
})

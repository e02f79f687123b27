/// <reference types="node" />
import { describe, expect, test, vi } from 'vitest'
import {
  type BroadcastProcessFunction,
  type Collector,
  collectionSource,
  type DataStream,
  endOfStreamWindows,
  getExecutionEnvironment,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type ListState,
  listState,
  mapState,
  type OnTimerContext,
  outputTag,
  type RuntimeContext,
  reinterpretAsKeyedStream,
  type StreamExecutionEnvironment,
  tumblingEventTimeWindows,
  tumblingProcessingTimeWindows,
  types,
  type ValueState,
  valueState,
  watermarks,
} from '../../src/index.ts'
import { ChannelRegistry } from '../../src/runtime/taskmanager/channel-registry.ts'
import { HeapKeyedStateBackend } from '../../src/state/heap/heap-keyed-state-backend.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { ArraySink } from './array-sink.ts'
import { pass, runInSim, SimHost } from './run-in-sim.ts'

const BATCH = { 'execution.runtime-mode': 'BATCH' }
const AUTOMATIC = { 'execution.runtime-mode': 'AUTOMATIC' }

function batchEnvironment(parallelism = 1): StreamExecutionEnvironment {
  return getExecutionEnvironment().setRuntimeMode('BATCH').setParallelism(parallelism)
}

/** Words with a count, in an order in which no key is together. */
const LINES = ['to be or', 'not to be', 'or to not be']

function wordCount(env: StreamExecutionEnvironment): DataStream<string> {
  return env
    .fromCollection(LINES)
    .flatMap<{ word: string; n: number }>((line, out) => {
      for (const word of line.split(' ')) out.collect({ word, n: 1 })
    })
    .keyBy((record) => record.word, types.string)
    .sum('n')
    .map(({ word, n }) => `${word} ${n}`)
}

describe('BAT-01 runtime modes', () => {
  test('AUTOMATIC picks BATCH for bounded input only', () => {
    const env = getExecutionEnvironment().setRuntimeMode('AUTOMATIC')
    wordCount(env).print()
    expect(env.explainJson().runtimeMode).toBe('BATCH')
    expect(env.explain()).toContain("Job 'Millrace job' in BATCH mode")
    const live = scriptedSource(new ScriptedInput<string>())
    wordCount(env).union(env.fromSource(live)).print()
    expect(env.explainJson().runtimeMode).toBe('STREAMING')
  })

  test('the default is STREAMING', () => {
    const env = getExecutionEnvironment()
    wordCount(env).print()
    expect(env.explainJson().runtimeMode).toBe('STREAMING')
    expect(env.explain()).not.toContain('blocking')
  })

  test.each([1, 3])('final results only, no updates: parallelism %i', async (parallelism) => {
    const counts = await wordCount(batchEnvironment(parallelism)).executeAndCollect()
    expect(counts.sort()).toEqual(['be 3', 'not 2', 'or 2', 'to 3'])
    const updates = await wordCount(getExecutionEnvironment()).executeAndCollect()
    expect(updates).toHaveLength(10)
  })

  test('min, max, minBy and reduce give one record per key too', async () => {
    const env = batchEnvironment()
    const keyed = env.fromElements(5, 2, 9, 4).keyBy((n) => n % 2)
    expect(await keyed.min().executeAndCollect()).toEqual([2, 5])
    const again = env.fromElements(5, 2, 9, 4).keyBy((n) => n % 2)
    expect(await again.maxBy(undefined).executeAndCollect()).toEqual([4, 9])
  })

  test('an unbounded source is refused with its name and a cure', async () => {
    const env = batchEnvironment()
    env.fromSource(scriptedSource(new ScriptedInput<number>()), undefined, 'Clicks').print()
    const run = env.execute()
    await expect(run).rejects.toMatchObject({
      code: 'INVALID_PROGRAM',
      message: expect.stringMatching(/'Clicks' is unbounded.*STREAMING or AUTOMATIC/s),
    })
  })

  test('iterate() is refused', () => {
    const env = batchEnvironment()
    const loop = env.fromElements(1).iterate()
    loop.closeWith(loop.filter((n) => n > 9))
    expect(() => env.explain()).toThrow(/'Iteration' cannot run in BATCH.*STREAMING/s)
  })

  test('settings of checkpoints are ignored, with one warning', async () => {
    const host = new SimHost()
    const checkpoints = await host.run(async (env) => {
      env.enableCheckpointing(1, { directory: '/checkpoints' })
      const source = scriptedSource([[record(1), record(2)]])
      env.fromSource(source).rebalance().sinkTo(new ArraySink())
      const client = await env.executeAsync('batch')
      await client.result()
      return client.checkpoints()
    }, BATCH)
    expect(await host.files('/checkpoints')).toEqual([])
    // One per stage, for its commits.
    expect(checkpoints.map(({ status, path }) => [status, path])).toEqual([
      ['COMPLETED', expect.any(String)],
      ['COMPLETED', expect.any(String)],
    ])
    expect(host.warnings).toEqual([
      "job 'batch' runs in BATCH mode, which takes no checkpoints: " +
        "'execution.checkpointing.interval', 'execution.checkpointing.dir' without effect. A failed " +
        'stage is run again, a killed process starts afresh',
    ])
  })

  test('there is no watermark before the end, whatever the strategy says', async () => {
    const seen = await runInSim(async (env) => {
      const strategy = watermarks.monotonous<number>().emitEvery(1)
      const source = collectionSource([1, 2, 3], { timestamp: (n) => n * 1_000 })
      return env
        .fromSource(source, strategy)
        .assignTimestampsAndWatermarks(strategy.withTimestampAssigner((n) => n * 10))
        .process<number>({
          processElement(_value, ctx, out) {
            out.collect(ctx.timerService.currentWatermark())
            out.collect(ctx.timestamp())
          },
        })
        .executeAndCollect()
    }, AUTOMATIC)
    const least = Number.MIN_SAFE_INTEGER
    expect(seen).toEqual([least, 10, least, 20, least, 30])
  })
})

describe('BAT-03 stage by stage', () => {
  test('every exchange is blocking, and a vertex is a region of its own', () => {
    const env = batchEnvironment(4)
    wordCount(env).print()
    const { vertices, requiredSlots } = env.explainJson()
    expect(vertices.map(({ inputs }) => inputs.map(({ exchange }) => exchange))).toEqual([
      [],
      ['BLOCKING'],
      ['BLOCKING'],
    ])
    expect(requiredSlots).toBe(4)
    expect(env.explain()).toContain('<- HASH (blocking) from')
  })

  test('fewer slots than stages are enough: three groups of slots, one slot', async () => {
    const program = (env: StreamExecutionEnvironment): Promise<string[]> => {
      const mapped = env.fromSequence(1, 9).slotSharingGroup('a')
      const summed = mapped
        .keyBy((n) => n % 3)
        .sum()
        .slotSharingGroup('b')
      const text = summed.rebalance().map(String).slotSharingGroup('c')
      return text.executeAndCollect()
    }
    const oneSlot = { 'taskmanager.number-of-task-slots': 1 }
    const sums = await runInSim(program, { ...oneSlot, ...BATCH })
    expect(sums.sort()).toEqual(['12', '15', '18'])
    await expect(runInSim(program, oneSlot)).rejects.toMatchObject({ code: 'NOT_ENOUGH_SLOTS' })
    const pipelined = { 'execution.batch-shuffle-mode': 'ALL_EXCHANGES_PIPELINED' }
    const whole = runInSim(program, { ...oneSlot, ...BATCH, ...pipelined })
    await expect(whole).rejects.toMatchObject({ code: 'NOT_ENOUGH_SLOTS' })
  })

  test('all at once, if exchanges are pipelined: same results', async () => {
    const counts = await runInSim((env) => wordCount(env.setParallelism(3)).executeAndCollect(), {
      ...BATCH,
      'execution.batch-shuffle-mode': 'ALL_EXCHANGES_PIPELINED',
      'taskmanager.network.batches-per-channel': 1,
    })
    expect(counts.sort()).toEqual(['be 3', 'not 2', 'or 2', 'to 3'])
  })

  test('a stage starts only when the ones it reads from have ended', async () => {
    const order: string[] = []
    await runInSim(async (env) => {
      await env
        .setParallelism(2)
        .fromSequence(1, 5_000)
        .map((n) => {
          order.push('first')
          return n
        })
        .keyBy((n) => n % 7)
        .sum()
        .rebalance()
        .map((n) => {
          order.push('third')
          return n
        })
        .executeAndCollect()
    }, BATCH)
    expect(order.lastIndexOf('first')).toBe(4_999)
    expect(order.slice(5_000)).toEqual(new Array(7).fill('third'))
  })

  test('a result is given up when the stage that reads it has finished, or the job is over', async () => {
    const events: string[] = []
    const release = vi.spyOn(ChannelRegistry.prototype, 'release')
    const run = (fails: boolean): Promise<unknown> =>
      runInSim(async (env, process) => {
        release.mockImplementation((edges) => void events.push(`release ${edges.join()}`))
        const note = (stage: string, failing: boolean) => (n: number) => {
          events.push(stage)
          if (failing) throw new Error('planted')
          return n
        }
        const second = env.fromSequence(1, 3).rebalance().map(note('second', false))
        const third = second.rebalance().map(note('third', fails))
        const outcome = await third.executeAndCollect().catch((error) => error)
        await pass(process, 1)
        return outcome
      }, BATCH)
    try {
      await run(false)
      const second = ['second', 'second', 'second']
      const third = ['third', 'third', 'third']
      expect(events).toEqual(['release ', ...second, 'release 0', ...third, 'release 1'])
      events.length = 0
      await run(true)
      expect(events).toEqual(['release ', ...second, 'release 0', 'third', 'release 0,1'])
    } finally {
      release.mockRestore()
    }
  })

  test('a second reader of a result reads all of it: a side output, two sinks, a self-join', async () => {
    const odd = outputTag<number>('odd')
    const [evens, odds, pairs] = await runInSim(async (env) => {
      const sinks = [new ArraySink<number>(), new ArraySink<number>(), new ArraySink<string>()]
      const [evenSink, oddSink, pairSink] = sinks as [
        ArraySink<number>,
        ArraySink<number>,
        ArraySink<string>,
      ]
      const parted = env.fromSequence(1, 6).process<number>({
        processElement(n, ctx, out) {
          if (n % 2 === 0) out.collect(n)
          else ctx.output(odd, n)
        },
      })
      parted.rebalance().sinkTo(evenSink)
      parted.getSideOutput(odd).rebalance().sinkTo(oddSink)
      parted
        .join(parted)
        .where((n) => n)
        .equalTo((n) => n)
        .window(endOfStreamWindows())
        .apply((left, right) => `${left}${right}`)
        .sinkTo(pairSink)
      await env.execute()
      return [evenSink.records, oddSink.records, pairSink.records]
    }, BATCH)
    expect(evens).toEqual([2, 4, 6])
    expect(odds).toEqual([1, 3, 5])
    expect(pairs).toEqual(['22', '44', '66'])
  })
})

describe('BAT-05 the end', () => {
  test('execute() resolves with counts once all output is committed', async () => {
    const env = batchEnvironment(2)
    const sink = new ArraySink<string>()
    wordCount(env).sinkTo(sink).name('words')
    env.fromSequence(1, 100).sinkTo(new ArraySink()).name('numbers')
    const client = await env.executeAsync('counts')
    const result = await client.result()
    expect(sink.records).toHaveLength(4)
    expect(result.sinkRecords).toEqual({ words: 4, numbers: 100 })
    expect(result.restarts).toBe(0)
    expect(client.status()).toBe('FINISHED')
    const read = client
      .metrics()
      .filter(({ operatorName }) => operatorName === 'numbers')
      .reduce((sum, { values }) => sum + (values.numRecordsIn ?? 0), 0)
    expect(read).toBe(100)
  })
})

describe('BAT-06 windows over bounded data', () => {
  const readings = Array.from({ length: 500 }, (_, i) => ({
    sensor: `s${(i * 7) % 5}`,
    // Scattered: each reading is up to 500 steps away from its place in the order of time.
    atMs: ((i * 367) % 500) * 10,
    value: i % 13,
  }))
  type Reading = (typeof readings)[number]

  const program =
    (rows: readonly Reading[]) =>
    (env: StreamExecutionEnvironment): Promise<string[]> => {
      const source = collectionSource(rows, { timestamp: (row) => row.atMs })
      const strategy = watermarks.monotonous<Reading>().emitEvery(1)
      return env
        .setParallelism(2)
        .fromSource(source, strategy, 'readings', 1)
        .keyBy((row) => row.sensor, types.string)
        .window(tumblingEventTimeWindows(100))
        .process<string>((sensor, { window }, rowsOfWindow, out) => {
          const values = [...rowsOfWindow].map((row) => `${row.atMs}:${row.value}`)
          out.collect(`${sensor} ${window.startMs} ${values.join(' ')}`)
        })
        .executeAndCollect()
    }

  test('BATCH over the unsorted file gives what streaming gives over the sorted one', async () => {
    const sorted = [...readings].sort((left, right) => left.atMs - right.atMs)
    const streamed = await runInSim(program(sorted))
    const batch = await runInSim(program(readings), BATCH)
    expect(batch.length).toBeGreaterThan(100)
    expect(batch.sort()).toEqual(streamed.sort())
  })

  test.each(['STREAMING', 'BATCH'] as const)('endOfStreamWindows in %s', async (mode) => {
    const env = getExecutionEnvironment().setRuntimeMode(mode)
    const left = env.fromElements('a1', 'b1', 'a2')
    const right = env.fromElements('a9', 'c9')
    const groups = await left
      .coGroup(right)
      .where((text) => text[0])
      .equalTo((text) => text[0])
      .window(endOfStreamWindows())
      .apply((lefts, rights, out) => out.collect(`${lefts.join()}|${rights.join()}`))
      .executeAndCollect()
    expect(groups.sort()).toEqual(['a1,a2|a9', 'b1|', '|c9'])
    const sums = await env
      .fromElements(1, 2, 3)
      .keyBy((n) => n % 2)
      .window(endOfStreamWindows())
      .sum()
      .executeAndCollect()
    expect(sums.sort()).toEqual([2, 4])
  })
})

/** Says which timers fire between which records. */
class Diary implements KeyedProcessFunction<string, readonly [string, number], string> {
  seen: ListState<string> | undefined
  count: ValueState<number> | undefined

  open(context: RuntimeContext): void {
    this.seen = context.getListState(listState('seen', { type: types.string }))
    this.count = context.getState(valueState('count', { type: types.int, initialValue: 0 }))
  }

  processElement(
    [key, atMs]: readonly [string, number],
    ctx: KeyedProcessContext<string>,
    out: Collector<string>,
  ): void {
    this.count?.update((this.count.value() ?? 0) + 1)
    this.seen?.add(`${atMs}`)
    out.collect(`${key}@${atMs} #${this.count?.value()} ${[...(this.seen?.get() ?? [])]}`)
    ctx.timerService.registerProcessingTimeTimer(atMs)
    ctx.timerService.registerEventTimeTimer(atMs + 5)
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    const sign = ctx.timeDomain === 'event-time' ? 'E' : 'P'
    out.collect(`${ctx.currentKey} ${sign}${timestampMs} ${this.count?.value()}`)
    // Beyond the end of the key: the event-time one fires, the other is dropped.
    if (timestampMs === 15) ctx.timerService.registerEventTimeTimer(1_000)
    ctx.timerService.registerProcessingTimeTimer(2_000)
  }
}

describe('BAT-07 keyed state and timers', () => {
  const records: readonly (readonly [string, number])[] = [
    ['b', 10],
    ['a', 20],
    ['b', 5],
    ['a', 1],
    ['b', 10],
  ]
  const source = collectionSource(records, { timestamp: ([, atMs]) => atMs })

  const EXPECTED = [
    'a@1 #1 1',
    'a@20 #2 1,20',
    'a E6 2',
    'a E25 2',
    'a P1 2',
    'a P20 2',
    'b@5 #1 5',
    'b@10 #2 5,10',
    'b@10 #3 5,10,10',
    'b E10 3',
    'b E15 3',
    'b E1000 3',
    'b P5 3',
    'b P10 3',
  ]

  test('one key at a time: sorted by time, its timers fire before the next key', async () => {
    const diary = await runInSim(
      (env) =>
        env
          .fromSource(source)
          .keyBy(([key]) => key, types.string)
          .process(new Diary())
          .executeAndCollect(),
      BATCH,
    )
    expect(diary).toEqual(EXPECTED)
  })

  test('a reinterpreted stream is sorted too, although nothing is shuffled', async () => {
    const diary = await runInSim(
      (env) =>
        reinterpretAsKeyedStream(env.fromSource(source), ([key]) => key, types.string)
          .process(new Diary())
          .executeAndCollect(),
      BATCH,
    )
    expect(diary).toEqual(EXPECTED)
  })

  test('at most one key has state', async () => {
    const sizes: number[] = []
    const { endKey } = HeapKeyedStateBackend.prototype
    HeapKeyedStateBackend.prototype.endKey = function endAndMeasure(): void {
      sizes.push(this.size.entries)
      endKey.call(this)
      expect(this.size).toEqual({ entries: 0, timers: 0 })
    }
    try {
      const env = batchEnvironment(2)
      await env
        .fromSequence(1, 10_000)
        .keyBy((n) => n % 1_000)
        .process(new KeyedCount())
        .executeAndCollect()
    } finally {
      HeapKeyedStateBackend.prototype.endKey = endKey
    }
    expect(sizes).toEqual(new Array(1_000).fill(1))
  })

  test('processing time: windows and waiting records come at the end of their key', async () => {
    const program = (env: StreamExecutionEnvironment): Promise<string[]> => {
      const keyed = env.fromElements('b1', 'a1', 'b2', 'b2').keyBy((text) => text[0], types.string)
      const windows = keyed
        .window(tumblingProcessingTimeWindows(3_600_000))
        .reduce((left, right) => left + right)
      const last = keyed.deduplicate({ keep: 'last', ttlMs: 1_000, ttlTime: 'processing' })
      return windows.union(last.map((text) => `last ${text}`)).executeAndCollect()
    }
    const results = await runInSim(program, BATCH)
    expect(results.sort()).toEqual(['a1', 'b1b2b2', 'last a1', 'last b2'])
  })

  test('a record without a usable key is a record error, under every policy', async () => {
    const program = async (env: StreamExecutionEnvironment): Promise<unknown> => {
      const numbers = reinterpretAsKeyedStream(env.fromElements(1, 2, 3, 4), (n) => {
        if (n === 3) throw new Error('no key')
        return n === 4 ? undefined : 0
      })
      return numbers.sum().executeAndCollect()
    }
    const skipping = { ...BATCH, 'pipeline.record-error-policy': 'skip' }
    expect(await runInSim(program, skipping)).toEqual([3])
    await expect(runInSim(program, BATCH)).rejects.toThrow(/no key|returned undefined/)
  })

  test('sortByEventTime and difference see each key in order, and lose nothing as late', async () => {
    const rates = await runInSim(
      (env) =>
        env
          .fromSource(source)
          .keyBy(([key]) => key, types.string)
          .sortByEventTime()
          .keyBy(([key]) => key, types.string)
          .difference(([, atMs]) => atMs, { kind: 'gauge' })
          .map(({ key, value, difference }) => `${key} ${value} ${difference}`)
          .executeAndCollect(),
      BATCH,
    )
    expect(rates).toEqual(['a 1 0', 'a 20 19', 'b 5 0', 'b 10 5', 'b 10 0'])
  })

  test('a broadcast stream is read before the first record of the other', async () => {
    const rules = mapState<string, number>('rules', { keyType: types.string, type: types.int })
    const price: BroadcastProcessFunction<string, readonly [string, number], string> = {
      processElement(item, ctx, out) {
        out.collect(`${item} ${ctx.getBroadcastState(rules).get(item)}`)
      },
      processBroadcastElement([item, cents], ctx) {
        ctx.getBroadcastState(rules).put(item, cents)
      },
    }
    for (const shuffle of ['ALL_EXCHANGES_BLOCKING', 'ALL_EXCHANGES_PIPELINED']) {
      const priced = await runInSim(
        (env) => {
          const slow = env
            .fromElements<readonly [string, number]>(['tea', 3], ['egg', 1])
            .rebalance()
          const items = env.fromSequence(1, 3_000).map((n) => (n % 2 === 0 ? 'tea' : 'egg'))
          return items.connect(slow.broadcast(rules)).process(price).executeAndCollect()
        },
        { ...BATCH, 'execution.batch-shuffle-mode': shuffle },
      )
      expect(new Set(priced)).toEqual(new Set(['tea 3', 'egg 1']))
      expect(priced).toHaveLength(3_000)
    }
  })
})

/** Emits how many records of its key there were so far. */
class KeyedCount implements KeyedProcessFunction<number, number, number> {
  count: ValueState<number> | undefined

  open(context: RuntimeContext): void {
    this.count = context.getState(valueState('count', { type: types.int, initialValue: 0 }))
  }

  processElement(_n: number, _ctx: KeyedProcessContext<number>, out: Collector<number>): void {
    this.count?.update((this.count.value() ?? 0) + 1)
    out.collect(this.count?.value() ?? 0)
  }
}

test('ARC-01 one program over one bounded input: equal final results in both modes', async () => {
  const streamed = await wordCount(getExecutionEnvironment()).executeAndCollect()
  const batch = await wordCount(batchEnvironment()).executeAndCollect()
  const last = new Map(streamed.map((line) => [line.split(' ')[0], line]))
  expect(batch.sort()).toEqual([...last.values()].sort())
})

import { expect, test } from 'vitest'
import {
  type AggregatingState,
  aggregatingState,
  type Collector,
  type FunctionInitializationContext,
  type KeyedProcessContext,
  type ListState,
  listState,
  type MapState,
  mapState,
  type OperatorListState,
  type ReducingState,
  type RuntimeContext,
  reducingState,
  type StreamExecutionEnvironment,
  types,
  type ValueState,
  valueState,
} from '../../src/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { failOnce, record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { ArraySink } from './array-sink.ts'
import { passUntil, runInSim, SimHost } from './run-in-sim.ts'

interface Entry {
  readonly k: string
  readonly n: number
}

const entry = (k: string, n: number): Entry => ({ k, n })

/** What a process function shows for each entry. */
function shownBy(
  entries: readonly Entry[],
  fn: {
    open(context: RuntimeContext): void
    processElement(value: Entry, ctx: KeyedProcessContext<string>, out: Collector<string>): void
  },
): Promise<string[]> {
  return runInSim((env) => env.fromCollection(entries).keyBy('k').process(fn).executeAndCollect())
}

class CountPerKey {
  count!: ValueState<number>
  open(context: RuntimeContext): void {
    this.count = context.getState(valueState('count', { type: types.int, initialValue: 0 }))
  }
  processElement({ k }: Entry, _: unknown, out: Collector<string>): void {
    const count = (this.count.value() ?? 0) + 1
    this.count.update(count)
    out.collect(`${k}${count}`)
  }
}

test('STA-01 a counter per key survives kill and restore', async () => {
  const input = new ScriptedInput<Entry>()
  const log = new FakeTransactionLog<string>()
  const job = testJob((env) => {
    env.enableCheckpointing(500).setParallelism(2)
    const keyed = env.fromSource(scriptedSource(input)).keyBy('k')
    keyed.process(new CountPerKey()).uid('count').sinkTo(transactionalSink(log))
  })
  await job.feed(input, [record(entry('a', 0)), record(entry('b', 0)), record(entry('a', 0))])
  await job.checkpoints()
  await job.kill()
  await job.feed(input, [record(entry('a', 0)), record(entry('b', 0))])
  await job.kill()
  await job.feed(input, [record(entry('a', 0))])
  input.end()
  await job.finish()
  expect([...log.committed].sort()).toEqual(['a1', 'a2', 'a3', 'a4', 'b1', 'b2'])
})

class Lists {
  list!: ListState<number>
  open(context: RuntimeContext): void {
    this.list = context.getListState(listState('list', { type: types.int }))
  }
  processElement({ k, n }: Entry, _: unknown, out: Collector<string>): void {
    if (n === 0) this.list.clear()
    else if (n === 9) this.list.update([9, 9])
    else if (n === 5) this.list.addAll([5, 6])
    else this.list.add(n)
    out.collect(`${k}:${this.list.get().join('')}`)
  }
}

test('STA-02 list state: add, addAll, update, get; the order is kept', async () => {
  const entries = [entry('a', 2), entry('a', 1), entry('b', 1), entry('a', 5), entry('a', 9)]
  const shown = await shownBy([...entries, entry('b', 0), entry('a', 3)], new Lists())
  expect(shown).toEqual(['a:2', 'a:21', 'b:1', 'a:2156', 'a:99', 'b:', 'a:993'])
})

class Maps {
  map!: MapState<string, number>
  open(context: RuntimeContext): void {
    this.map = context.getMapState(mapState('map', { keyType: types.string, type: types.int }))
  }
  processElement({ n }: Entry, _: unknown, out: Collector<string>): void {
    const { map } = this
    if (n > 0) map.put(`m${n % 3}`, (map.get(`m${n % 3}`) ?? 0) + n)
    else map.remove('m1')
    const entries = [...map.entries()].map(([key, value]) => `${key}=${value}`).sort()
    out.collect(`${entries.join(' ')} ${map.has('m1')} ${[...map.keys()].length} ${map.isEmpty}`)
  }
}

test('STA-03 map state: put, get, remove, iterate', async () => {
  const shown = await shownBy(
    [1, 2, 4, -1, 3].map((n) => entry('a', n)),
    new Maps(),
  )
  expect(shown).toEqual([
    'm1=1 true 1 false',
    'm1=1 m2=2 true 2 false',
    'm1=5 m2=2 true 2 false',
    'm2=2 false 1 false',
    'm0=3 m2=2 false 2 false',
  ])
})

class Folds {
  sum!: ReducingState<number>
  mean!: AggregatingState<number, number>
  open(context: RuntimeContext): void {
    const { int } = types
    this.sum = context.getReducingState(reducingState('sum', (l, r) => l + r, { type: int }))
    this.mean = context.getAggregatingState(
      aggregatingState('mean', {
        createAccumulator: () => ({ sum: 0, count: 0 }),
        add: (n: number, { sum, count }) => ({ sum: sum + n, count: count + 1 }),
        getResult: ({ sum, count }) => sum / count,
        merge: (l, r) => ({ sum: l.sum + r.sum, count: l.count + r.count }),
        accumulatorType: types.row({ sum: types.number, count: types.int }),
      }),
    )
  }
  processElement({ k, n }: Entry, _: unknown, out: Collector<string>): void {
    this.sum.add(n)
    this.mean.add(n)
    out.collect(`${k} ${this.sum.get()} ${this.mean.get()}`)
  }
}

test('STA-04, STA-05 reducing state is the sum of adds, aggregating state their average', async () => {
  const shown = await shownBy([entry('a', 2), entry('b', 7), entry('a', 4)], new Folds())
  expect(shown).toEqual(['a 2 2', 'b 7 7', 'a 6 3'])
})

/** Keeps the numbers it saw in operator state, and shows what it started with. */
class Keeper {
  readonly union: boolean
  items: number[] = []
  state!: OperatorListState<number>
  restored: string | undefined
  constructor(union: boolean) {
    this.union = union
  }
  initializeState({ operatorState, isRestored }: FunctionInitializationContext): void {
    this.state = this.union
      ? operatorState.getUnionListState('items', types.int)
      : operatorState.getListState('items', types.int)
    this.items = [...this.state.get()]
    this.restored = isRestored ? [...this.items].sort().join() : undefined
  }
  snapshotState(): void {
    this.state.update(this.items)
  }
  map(n: number): string {
    this.items.push(n)
    return `${n}:${this.restored ?? 'fresh'}`
  }
}

const restoring = (parallelism: number) => ({
  'parallelism.default': parallelism,
  'execution.checkpointing.interval': 100,
  'execution.checkpointing.dir': '/checkpoints',
  'execution.state-recovery.path': 'latest',
})

async function rescaled(union: boolean): Promise<readonly string[]> {
  const host = new SimHost()
  const input = new ScriptedInput<number>()
  const shown = new ArraySink<string>()
  const run = (numbers: readonly number[], parallelism: number): Promise<void> =>
    host.run(async (env, process) => {
      env
        .fromSource(scriptedSource(input))
        .setParallelism(1)
        .uid('input')
        .rebalance()
        .map(new Keeper(union))
        .uid('keeper')
        .sinkTo(shown)
      const client = await env.executeAsync('rescale')
      await passUntil(process, () => client.checkpoints().length > 1)
      const before = client.checkpoints().length
      input.feed(numbers.map((n) => record(n)))
      await passUntil(process, () => client.checkpoints().length > before + 2)
    }, restoring(parallelism))
  await run([1, 2, 3, 4, 5, 6], 2)
  await run([7, 8, 9], 3)
  return shown.records.slice(6)
}

test('STA-06 operator list state: rescaling 2 to 3 deals the items out evenly, none is lost', async () => {
  const lists = (await rescaled(false)).map((line) => line.split(':')[1]?.split(',') ?? [])
  expect(lists.map(({ length }) => length)).toEqual([2, 2, 2])
  expect(lists.flat().sort()).toEqual(['1', '2', '3', '4', '5', '6'])
})

test('STA-06 union list state gives all items to all subtasks', async () => {
  expect((await rescaled(true)).map((line) => line.slice(2))).toEqual(
    new Array(3).fill('1,2,3,4,5,6'),
  )
})

test('STA-07 isRestored is true after recovery; each completed checkpoint is told', async () => {
  const input = new ScriptedInput<number>()
  const calls: string[] = []
  class Listener {
    completed: number[] = []
    initializeState({ isRestored }: FunctionInitializationContext): void {
      calls.push(`restored ${isRestored}`)
    }
    snapshotState(checkpointId: number): void {
      calls.push(`snapshot ${checkpointId}`)
    }
    notifyCheckpointComplete(checkpointId: number): void {
      calls.push(`complete ${checkpointId}`)
    }
    map(n: number): number {
      return n
    }
  }
  const job = testJob((env) => {
    env.enableCheckpointing(1_000)
    env.fromSource(scriptedSource(input)).map(new Listener()).sinkTo(new ArraySink())
  })
  await job.advance(2_500)
  expect(calls).toEqual(['restored false', 'snapshot 1', 'complete 1', 'snapshot 2', 'complete 2'])
  await job.feed(input, [failOnce()])
  await job.until(() => calls.includes('restored true'), 'the job has recovered')
  const completed = job.client.checkpoints().filter(({ status }) => status === 'COMPLETED')
  for (const { checkpointId } of completed) expect(calls).toContain(`complete ${checkpointId}`)
  job.stop()
})

test('STA-09 keyed state off a keyed stream fails with the state, the operator and the cure', async () => {
  const program = (env: StreamExecutionEnvironment): Promise<unknown> =>
    env
      .fromElements(1)
      .map({
        open: (context: RuntimeContext) => void context.getState(valueState('count')),
        map: (n: number) => n,
      })
      .name('Mapper')
      .executeAndCollect()
  await expect(runInSim(program)).rejects.toThrow(/'Mapper'.*keyed state 'count'.*keyBy/)
})

class Clearing {
  value!: ValueState<string>
  open(context: RuntimeContext): void {
    this.value = context.getState(valueState('v', { type: types.string, initialValue: 'none' }))
  }
  processElement({ k, n }: Entry, _: unknown, out: Collector<string>): void {
    out.collect(`${k} ${this.value.value()}`)
    if (n === 0) this.value.clear()
    else this.value.update(`${n}`)
  }
}

test('STA-10 default values; clearing one key leaves the others', async () => {
  const steps = [entry('a', 1), entry('b', 2), entry('a', 0), entry('a', 0), entry('b', 0)]
  expect(await shownBy(steps, new Clearing())).toEqual(['a none', 'b none', 'a 1', 'a none', 'b 2'])
})

test('STA-10 states of one name in two operators do not meet', async () => {
  const shown = await runInSim((env) => {
    const keyed = env.fromElements(entry('a', 1), entry('a', 2)).keyBy('k')
    const first = keyed.process(new CountPerKey())
    return first.union(keyed.process(new CountPerKey())).executeAndCollect()
  })
  expect(shown.sort()).toEqual(['a1', 'a1', 'a2', 'a2'])
})

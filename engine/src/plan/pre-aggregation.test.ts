import { describe, expect, test } from 'vitest'
import type { StreamExecutionEnvironment } from '../engine.ts'
import {
  type ConfigValues,
  collectionSource,
  countEvictor,
  countTrigger,
  type DataStream,
  discardSink,
  eventTimeSessionWindows,
  getExecutionEnvironment,
  outputTag,
  reinterpretAsKeyedStream,
  slidingEventTimeWindows,
  type TimeWindow,
  tumblingEventTimeWindows,
  type WindowedStream,
  watermarks,
} from '../index.ts'

interface Item {
  readonly key: string
  readonly n: number
}

type Windowed = WindowedStream<Item, string, TimeWindow>

/** Makes a stream of results, of whatever type. */
type Compute = (windows: Windowed) => unknown

const LOCAL = 'Local Window Aggregate'

const ON_THREADS: ConfigValues = { 'execution.target': 'threads', 'parallelism.default': 2 }

const late = outputTag<Item>('late')

const sum = {
  createAccumulator: () => 0,
  add: ({ n }: Item, total: number) => total + n,
  merge: (left: number, right: number) => left + right,
  getResult: (total: number) => total,
}

function environment(settings: ConfigValues): StreamExecutionEnvironment {
  return getExecutionEnvironment({ code: { ...ON_THREADS, ...settings } })
}

function items(env: StreamExecutionEnvironment, name = 'Items'): DataStream<Item> {
  const source = collectionSource<Item>([], { timestamp: ({ n }) => n })
  return env
    .fromSource(source, watermarks.monotonous(), name)
    .rebalance()
    .map((item) => item)
}

/** The plan of sums by key and window. */
function planOf(
  settings: ConfigValues = {},
  compute: Compute = (windows) => windows.aggregate(sum),
) {
  const env = environment(settings)
  const windows = items(env)
    .keyBy(({ key }) => key)
    .window(tumblingEventTimeWindows(10))
  const sums = compute(windows) as DataStream<unknown>
  sums.name('Sums').uid('sums').sinkTo(discardSink())
  return { json: env.explainJson(), text: env.explain() }
}

function isFolded({ json }: ReturnType<typeof planOf>): boolean {
  return json.operators.some(({ name }) => name === LOCAL)
}

describe('what the plan folds ahead of an exchange (PAR-07)', () => {
  test('the first phase joins the chain of the records, and the plan says so', () => {
    const { json, text } = planOf()
    expect(json.vertices.map(({ name, parallelism }) => `${name} ${parallelism}`)).toEqual([
      'Items 2',
      `Map -> ${LOCAL} 2`,
      'Sums -> Discard Sink 2',
    ])
    expect(json.vertices[2]?.inputs.map(({ shipStrategy }) => shipStrategy)).toEqual(['HASH'])
    expect(text).toContain(
      `  [2] Map -> ${LOCAL}\n` +
        `      ${LOCAL}: folds records ahead of the exchange to 'Sums' (pipeline.pre-aggregation)\n`,
    )
  })

  test('the addresses of state are those without it, with a uid and without', () => {
    const addresses = (mode: string) =>
      planOf({ 'pipeline.pre-aggregation': mode })
        .json.operators.filter(({ name }) => name !== LOCAL)
        .map(({ id, uid, name, keyed }) => ({ id, uid, name, keyed }))
    expect(addresses('auto')).toEqual(addresses('never'))
  })

  test.each<readonly [string, Compute]>([
    ['a reduce', (windows) => windows.reduce((left) => left)],
    ['a sum', (windows) => windows.sum('n')],
    ['an aggregate with a function of its result', (windows) => windows.aggregate(sum, () => {})],
    ['the emission that is usual', (windows) => windows.emission('accumulating').sum('n')],
    ['no lateness', (windows) => windows.allowedLateness(0).sum('n')],
  ])('%s is folded', (_, compute) => {
    expect(isFolded(planOf({}, compute))).toBe(true)
  })

  test.each<readonly [string, Compute]>([
    ['onePhase()', (windows) => windows.onePhase().sum('n')],
    ['a function of all records', (windows) => windows.process(() => {})],
    ['a trigger', (windows) => windows.trigger(countTrigger(2)).sum('n')],
    ['an evictor', (windows) => windows.evictor(countEvictor(2)).sum('n')],
    ['late records that correct a result', (windows) => windows.allowedLateness(1).sum('n')],
    ['late records that are put aside', (windows) => windows.sideOutputLateData(late).sum('n')],
    ['results that are forgotten', (windows) => windows.emission('discarding').sum('n')],
    ['results that are taken back', (windows) => windows.emission('retracting').sum('n')],
    ['windows in one subtask', (windows) => windows.sum('n').setParallelism(1)],
  ])('%s keeps the records', (_, compute) => {
    expect(isFolded(planOf({}, compute))).toBe(false)
  })

  test('records by the key of somebody else are kept, as are sessions and windows over all', () => {
    const env = environment({})
    const keyOf = ({ key }: Item): string => key
    const windows = tumblingEventTimeWindows(10)
    reinterpretAsKeyedStream(items(env), keyOf).window(windows).sum('n').sinkTo(discardSink())
    items(env).windowAll(windows).sum('n').sinkTo(discardSink())
    const sessions = items(env).keyBy(keyOf).window(eventTimeSessionWindows(10))
    sessions.sum('n').sinkTo(discardSink())
    expect(env.explain()).not.toContain(LOCAL)
  })

  test.each<readonly [ConfigValues, boolean]>([
    [{ 'execution.target': 'in-process' }, false],
    [{ 'execution.target': 'in-process', 'pipeline.pre-aggregation': 'always' }, true],
    [{ 'parallelism.default': 1 }, false],
    [{ 'parallelism.default': 1, 'pipeline.pre-aggregation': 'always' }, true],
    [{ 'pipeline.pre-aggregation': 'never' }, false],
    [{ 'execution.runtime-mode': 'BATCH', 'pipeline.pre-aggregation': 'always' }, false],
    [{ 'pipeline.operator-chaining.enabled': false }, false],
    [{ 'pipeline.record-error-policy': 'skip' }, false],
    [{ 'pipeline.record-error-policy': 'dead-letter' }, false],
  ])('%j: %s', (settings, expected) => {
    expect(isFolded(planOf(settings))).toBe(expected)
  })

  test('nothing is added where it would be a task of its own', () => {
    const env = environment({})
    const alone = items(env)
      .map((item) => item)
      .disableChaining()
    alone.keyBy('key').window(tumblingEventTimeWindows(10)).sum('n').sinkTo(discardSink())
    expect(env.explain()).not.toContain(LOCAL)
  })

  test('each stream of a union is folded where it is; side outputs, too', () => {
    const env = environment({})
    const aside = items(env, 'Others')
      .process<Item>({ processElement: () => {} })
      .name('Parted')
    items(env)
      .name('Own')
      .union(aside.getSideOutput(late))
      .keyBy('key')
      .window(slidingEventTimeWindows(10, 5))
      .sum('n')
      .name('Sums')
      .sinkTo(discardSink())
    const { vertices, operators } = env.explainJson()
    expect(vertices.map(({ name }) => name)).toContain(`Own -> ${LOCAL}`)
    expect(vertices.map(({ name }) => name)).toContain(`Map -> Parted -> ${LOCAL}`)
    const locals = operators.filter(({ name }) => name === LOCAL)
    expect(locals.flatMap(({ inputs }) => inputs.map(({ sideOutput }) => sideOutput))).toEqual([
      null,
      'late',
    ])
    expect(new Set(operators.map(({ id }) => id)).size).toBe(operators.length)
  })

  test('twoPhase() stands as it is asked for, once', () => {
    const { json } = planOf({}, (windows) => windows.twoPhase().sum('n'))
    const locals = json.operators.filter(({ name }) => name === LOCAL)
    expect(locals.map(({ uid }) => uid)).toEqual(['sums-local'])
  })
})

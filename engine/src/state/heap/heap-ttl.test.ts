import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ErrorCode } from '../../base/engine-error.ts'
import { types } from '../../types/types.ts'
import type { ProcessingTime } from '../processing-time.ts'
import {
  aggregatingState,
  listState,
  mapState,
  reducingState,
  valueState,
} from '../state-descriptor.ts'
import type { StateSection } from '../state-section.ts'
import { type StateTtlOptions, stateTtl } from '../ttl/state-ttl.ts'
import { HeapKeyedStateBackend } from './heap-keyed-state-backend.ts'

/** A clock that a test sets, with timers that fire when it passes them. */
class TestTime implements ProcessingTime {
  #nowMs = 0
  #timers: { atMs: number; run: () => void }[] = []

  nowMs(): number {
    return this.#nowMs
  }

  schedule(atMs: number, run: () => void): { cancel(): void } {
    const timer = { atMs, run }
    this.#timers.push(timer)
    return { cancel: () => this.#cancel(timer) }
  }

  #cancel(timer: { atMs: number; run: () => void }): void {
    this.#timers = this.#timers.filter((each) => each !== timer)
  }

  /** Moves the clock while the mail of timers waits. */
  jump(toMs: number): void {
    this.#nowMs = toMs
  }

  advance(toMs: number): void {
    this.#nowMs = toMs
    for (;;) {
      const due = this.#timers.find((timer) => timer.atMs <= toMs)
      if (due === undefined) return
      this.#cancel(due)
      due.run()
    }
  }
}

function open(time: TestTime, restored?: readonly StateSection[]): HeapKeyedStateBackend {
  return new HeapKeyedStateBackend({
    keyGroupRange: { first: 0, last: 15 },
    maxParallelism: 16,
    keyType: types.string,
    processingTime: time,
    restored,
  })
}

function snapshotOf(backend: HeapKeyedStateBackend): readonly StateSection[] {
  const snapshot = backend.snapshot(1)
  while (!snapshot.advance(2)) {}
  return snapshot.sections()
}

const add = (left: number, right: number): number => left + right
const averageOf = {
  createAccumulator: () => ({ sum: 0, n: 0 }),
  add: (value: number, { sum, n }: { sum: number; n: number }) => ({ sum: sum + value, n: n + 1 }),
  getResult: ({ sum, n }: { sum: number; n: number }) => sum / n,
  merge: (left: { sum: number; n: number }) => left,
  accumulatorType: types.row({ sum: types.number, n: types.int }),
}

/** All kinds of state with one time to live. */
function statesOf(backend: HeapKeyedStateBackend, options: StateTtlOptions<never>) {
  const ttl = stateTtl<never>(options) as never
  const [keyType, type] = [types.string, types.number]
  return {
    value: backend.getState(valueState<number>('value', { type, ttl })),
    list: backend.getListState(listState<number>('list', { type, ttl })),
    map: backend.getMapState(mapState<string, number>('map', { keyType, type, ttl })),
    sum: backend.getReducingState(reducingState<number>('sum', add, { type, ttl })),
    average: backend.getAggregatingState(aggregatingState('average', averageOf, { ttl })),
  }
}

type States = ReturnType<typeof statesOf>

function readAll(states: States): unknown {
  return {
    value: states.value.value(),
    list: states.list.get(),
    map: [...states.map.entries()],
    sum: states.sum.get(),
    average: states.average.get(),
  }
}

const NOTHING = { value: undefined, list: [], map: [], sum: undefined, average: undefined }

function writeAll(states: States, value: number): void {
  states.value.update(value)
  states.list.add(value)
  states.map.put(`m${value}`, value)
  states.sum.add(value)
  states.average.add(value)
}

describe('reading', () => {
  test('after the time nothing is there, of any kind', () => {
    const time = new TestTime()
    const backend = open(time)
    const states = statesOf(backend, { ttlMs: 100 })
    backend.setCurrentKey('a')
    writeAll(states, 4)
    time.advance(50)
    states.list.add(6)
    states.map.put('m6', 6)
    time.advance(99)
    const full = {
      value: 4,
      list: [4, 6],
      map: [
        ['m4', 4],
        ['m6', 6],
      ],
      sum: 4,
      average: 4,
    }
    expect(readAll(states)).toEqual(full)
    time.advance(100)
    expect(readAll(states)).toEqual({ ...NOTHING, list: [6], map: [['m6', 6]] })
    time.advance(150)
    expect(readAll(states)).toEqual(NOTHING)
    expect([states.map.isEmpty, states.map.has('m6'), states.map.get('m6')]).toEqual([
      true,
      false,
      undefined,
    ])
    states.sum.add(3)
    states.average.add(3)
    expect([states.sum.get(), states.average.get()]).toEqual([3, 3])
    expect(backend.size.entries).toBe(2)
  })

  test.each([
    ['on-create-and-write', NOTHING],
    ['on-read-and-write', { value: 4, list: [4], map: [['m4', 4]], sum: 4, average: 4 }],
  ] as const)('extends a life only in the read mode: %s', (update, later) => {
    const time = new TestTime()
    const backend = open(time)
    const states = statesOf(backend, { ttlMs: 100, update })
    backend.setCurrentKey('a')
    writeAll(states, 4)
    time.advance(90)
    readAll(states)
    time.advance(180)
    expect(readAll(states)).toEqual(later)
  })

  test('a write extends a life in both modes', () => {
    const time = new TestTime()
    const backend = open(time)
    const states = statesOf(backend, { ttlMs: 100 })
    backend.setCurrentKey('a')
    writeAll(states, 4)
    time.advance(90)
    states.value.update(5)
    states.map.put('m4', 5)
    states.sum.add(1)
    time.advance(180)
    expect(readAll(states)).toEqual({ ...NOTHING, value: 5, map: [['m4', 5]], sum: 5 })
  })

  test('may give an expired value once more, if that is asked for', () => {
    const time = new TestTime()
    const backend = open(time)
    const states = statesOf(backend, {
      ttlMs: 100,
      visibility: 'return-expired-if-not-cleaned-up',
      cleanup: { entriesPerAccess: 0 },
    })
    backend.setCurrentKey('a')
    writeAll(states, 4)
    time.advance(100)
    const full = { value: 4, list: [4], map: [['m4', 4]], sum: 4, average: 4 }
    expect(readAll(states)).toEqual(full)
    expect(readAll(states)).toEqual(NOTHING)
  })

  test('an initial value stands for an expired one', () => {
    const time = new TestTime()
    const backend = open(time)
    const ttl = stateTtl<number>({ ttlMs: 10 })
    const state = backend.getState(valueState('n', { type: types.int, initialValue: 7, ttl }))
    backend.setCurrentKey('a')
    state.update(1)
    time.advance(10)
    expect(state.value()).toBe(7)
  })
})

describe('cleanup', () => {
  const abandoned = (options: Partial<StateTtlOptions<never>>) => {
    const time = new TestTime()
    const backend = open(time)
    const states = statesOf(backend, { ttlMs: 100, ...options })
    for (let i = 0; i < 20; i++) {
      backend.setCurrentKey(`k${i}`)
      writeAll(states, i)
    }
    time.advance(100)
    return { backend, states }
  }

  test('traffic on other keys removes what is expired, some entries per access', () => {
    const { backend, states } = abandoned({})
    expect(backend.size.entries).toBe(100)
    backend.setCurrentKey('other')
    for (let i = 0; i < 5; i++) states.value.update(i) // one of them reaches the table's end
    expect(backend.size.entries).toBe(81)
    for (let i = 0; i < 10; i++) readAll(states)
    expect(backend.size.entries).toBe(1)
  })

  test('a snapshot leaves out what is expired, and the heap keeps it', () => {
    const { backend, states } = abandoned({ cleanup: { entriesPerAccess: 0 } })
    backend.setCurrentKey('fresh')
    writeAll(states, 1)
    expect(open(new TestTime(), snapshotOf(backend)).size.entries).toBe(5)
    expect(backend.size.entries).toBe(105)
  })

  test('without it a snapshot holds everything', () => {
    const { backend } = abandoned({ cleanup: { entriesPerAccess: 0, fullSnapshot: false } })
    expect(open(new TestTime(), snapshotOf(backend)).size.entries).toBe(100)
  })

  test('reaches the state of windows that nobody fires any more', () => {
    const time = new TestTime()
    const backend = open(time)
    const ttl = stateTtl<number>({ ttlMs: 100, cleanup: { entriesPerAccess: 1 } })
    const descriptor = valueState('n', { type: types.int, ttl })
    for (const key of ['a', 'b', 'c']) {
      backend.setCurrentKey(key)
      backend.namespaced(5).getState(descriptor).update(1)
    }
    time.advance(100)
    const other = backend.namespaced(6).getState(descriptor)
    for (let i = 0; i < 6; i++) other.update(2)
    expect(backend.size.entries).toBe(1)
    expect(other.value()).toBe(2)
  })
})

test('in event time expiry follows the watermark, not the clock', () => {
  const time = new TestTime()
  const backend = open(time)
  const states = statesOf(backend, { ttlMs: 1_000, time: 'event' })
  backend.setCurrentKey('a')
  writeAll(states, 4) // before the first watermark: its life begins with that
  time.advance(1_000_000)
  backend.advanceWatermark(5_000)
  const full = { value: 4, list: [4], map: [['m4', 4]], sum: 4, average: 4 }
  expect(readAll(states)).toEqual(full)
  backend.advanceWatermark(5_999)
  expect(readAll(states)).toEqual(full)
  backend.advanceWatermark(6_000)
  expect(readAll(states)).toEqual(NOTHING)
})

test('in event time a life begins with the record at hand, in a timer with the watermark', () => {
  const backend = open(new TestTime())
  const states = statesOf(backend, { ttlMs: 100, time: 'event' })
  const onTimer = (): void => states.value.update(2)
  const timers = backend.timerService('t', { onEventTimer: onTimer, onProcessingTimer: onTimer })
  backend.setCurrentKey('a')
  backend.setCurrentTimestamp(1_000)
  states.sum.add(1)
  backend.setCurrentTimestamp(900) // out of order: the life of the sum is not shortened
  states.sum.add(1)
  timers.registerEventTimeTimer('', 500)
  backend.setCurrentTimestamp(5_000)
  backend.advanceWatermark(600)
  backend.advanceWatermark(700)
  expect(states.value.value()).toBeUndefined()
  backend.advanceWatermark(1_099)
  expect(states.sum.get()).toBe(2)
  backend.advanceWatermark(1_100)
  expect(states.sum.get()).toBeUndefined()
})

describe('onExpire', () => {
  test('is called with key and value once per entry, when its time has come', () => {
    const time = new TestTime()
    const backend = open(time)
    const told: unknown[] = []
    const onExpire = (key: unknown, value: unknown, mapKey: unknown) =>
      told.push([key, value, mapKey])
    const states = statesOf(backend, { ttlMs: 100, onExpire })
    backend.setCurrentKey('a')
    writeAll(states, 4)
    time.advance(50)
    writeAll(states, 6)
    backend.setCurrentKey('b')
    states.value.update(9)
    time.advance(100)
    expect(told.splice(0)).toEqual([
      ['a', 4, undefined],
      ['a', 4, 'm4'],
    ])
    time.advance(150)
    expect(told.splice(0).sort()).toEqual(
      [
        ['a', 6, undefined], // value
        ['a', 6, undefined], // list
        ['a', 6, 'm6'],
        ['a', 10, undefined], // sum
        ['a', 5, undefined], // average
        ['b', 9, undefined],
      ].sort(),
    )
    time.advance(10_000)
    expect(told).toEqual([])
    expect(backend.size).toEqual({ entries: 0, timers: 0 })
  })

  const late = (toldOf: (states: States, backend: HeapKeyedStateBackend) => void): string[] => {
    const time = new TestTime()
    const backend = open(time)
    const told: string[] = []
    const onExpire = (key: unknown, value: unknown, mapKey: unknown): void => {
      told.push(`${key} ${value} ${mapKey ?? ''}`)
    }
    const states = statesOf(backend, { ttlMs: 100, onExpire })
    backend.setCurrentKey('a')
    writeAll(states, 4)
    time.jump(100) // the timers are due, and their mail waits
    toldOf(states, backend)
    const before = told.splice(0).sort()
    time.advance(100)
    const after = told.splice(0).sort()
    return [...before, 'timers:', ...after]
  }
  const ALL = ['a 4 ', 'a 4 ', 'a 4 ', 'a 4 ', 'a 4 m4']

  test.each([
    ['reads', readAll],
    ['writes', (states: States) => writeAll(states, 4)],
    [
      'clears',
      (states: States) => {
        for (const state of [states.value, states.list, states.map]) state.clear()
        states.sum.clear()
        states.average.clear()
      },
    ],
    [
      'removes and replaces',
      (states: States) => {
        states.value.update(undefined as never)
        states.list.update([])
        states.map.remove('m4')
        states.sum.add(1)
        states.average.add(1)
      },
    ],
  ] as const)('is called before its timer if one %s what is over, and not again', (_, use) => {
    expect(late(use)).toEqual([...ALL, 'timers:'])
  })

  test('is called after a restore for what was over and not told of at the snapshot', () => {
    let sections: readonly StateSection[] = []
    late((_states, backend) => {
      sections = snapshotOf(backend)
    })
    const time = new TestTime()
    const backend = open(time, sections)
    const told: string[] = []
    statesOf(backend, { ttlMs: 100, onExpire: (key) => void told.push(`${key}`) })
    time.advance(100)
    expect(told).toEqual(['a', 'a', 'a', 'a', 'a'])
  })

  test('is called for what a restore or a new time to live brings in', () => {
    const time = new TestTime()
    const before = open(time)
    const { type } = { type: types.number }
    before.setCurrentKey('a')
    before.getState(valueState<number>('value', { type })).update(3)
    const backend = open(time, snapshotOf(before))
    const told: unknown[] = []
    const ttl = stateTtl<number>({ ttlMs: 10, onExpire: (key, value) => told.push([key, value]) })
    const state = backend.getState(valueState<number>('value', { type, ttl }))
    expect(told).toEqual([])
    backend.setCurrentKey('a')
    expect(state.value()).toBe(3)
    time.advance(10)
    expect(told).toEqual([['a', 3]])
  })

  test('that throws fails with the state and the key', () => {
    const time = new TestTime()
    const backend = open(time)
    const onExpire = () => {
      throw new Error('no')
    }
    const states = statesOf(backend, { ttlMs: 10, onExpire })
    backend.setCurrentKey('a')
    states.value.update(1)
    expect(() => time.advance(10)).toThrow(
      expect.objectContaining({
        code: ErrorCode.USER_FUNCTION,
        message: expect.stringMatching(/onExpire of state "value" failed for key a.*no/),
      }),
    )
  })
})

describe('taking over state', () => {
  test('kept without a time: it begins to live; and back', () => {
    const time = new TestTime()
    const plain = open(time)
    const type = types.number
    plain.setCurrentKey('a')
    plain.getListState(listState<number>('list', { type })).add(1)
    plain.getMapState(mapState<string, number>('map', { keyType: types.string, type })).put('m', 2)
    time.advance(1_000)
    const timed = open(time, snapshotOf(plain))
    const states = statesOf(timed, { ttlMs: 100 })
    timed.setCurrentKey('a')
    time.advance(1_099)
    expect(readAll(states)).toEqual({ ...NOTHING, list: [1], map: [['m', 2]] })
    const again = open(time, snapshotOf(timed))
    again.setCurrentKey('a')
    expect(again.getListState(listState<number>('list', { type })).get()).toEqual([1])
    time.advance(1_100)
    expect(readAll(states)).toEqual(NOTHING)
  })

  test('of another type is refused', () => {
    const time = new TestTime()
    const before = open(time)
    before.setCurrentKey('a')
    before.getState(valueState<string>('value', { type: types.string })).update('x')
    const backend = open(time, snapshotOf(before))
    const ttl = stateTtl<number>({ ttlMs: 10 })
    expect(() => backend.getState(valueState('value', { type: types.number, ttl }))).toThrow(
      expect.objectContaining({ code: ErrorCode.INCOMPATIBLE_STATE }),
    )
  })

  test('two times to live for one name are refused', () => {
    const backend = open(new TestTime())
    statesOf(backend, { ttlMs: 10 })
    expect(() => statesOf(backend, { ttlMs: 20 })).toThrow(/used twice.*10 ms.*20 ms/)
  })
})

test.each([0, -1, Number.NaN, Infinity])('a time to live of %s is refused', (ttlMs) => {
  expect(() => stateTtl({ ttlMs })).toThrow(
    expect.objectContaining({ code: ErrorCode.INVALID_ARGUMENT }),
  )
})

/** What the states of one key hold, as simply as it can be said. */
class KeyModel {
  value: { value: number; atMs: number }[] = []
  sum: { value: number; atMs: number }[] = []
  list: { value: number; atMs: number }[] = []
  map: { key: string; value: number; atMs: number }[] = []
}

type Operation =
  | { readonly do: 'write' | 'read' | 'clear'; readonly key: string; readonly n: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'snapshot' | 'finish' | 'restore' }

const keyed = fc.record({
  do: fc.constantFrom('write' as const, 'write' as const, 'read' as const, 'clear' as const),
  key: fc.constantFrom('a', 'b', 'c'),
  n: fc.nat({ max: 3 }),
})
const operations: fc.Arbitrary<Operation[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: keyed },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.constant({ do: 'snapshot' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'finish' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'restore' as const }) },
  ),
  { maxLength: 60 },
)

const TTL_MS = 100

class Run {
  readonly time = new TestTime()
  readonly options: StateTtlOptions<never>
  readonly told: string[] = []
  backend: HeapKeyedStateBackend
  states: States
  model = new Map<string, KeyModel>()
  expected: string[] = []
  pending: { snapshot: ReturnType<HeapKeyedStateBackend['snapshot']>; model: string } | undefined
  nowMs = 0

  constructor(options: StateTtlOptions<never>, reports: boolean) {
    const onExpire = (key: unknown, value: unknown, mapKey: unknown) =>
      this.told.push(`${key} ${value} ${mapKey}`)
    this.options = reports ? { ...options, onExpire } : options
    this.backend = open(this.time)
    this.states = statesOf(this.backend, this.options)
    this.pass(1)
  }

  get reads(): boolean {
    return this.options.update === 'on-read-and-write'
  }

  pass(ms: number): void {
    this.nowMs += ms
    if (this.options.time === 'event') this.backend.advanceWatermark(this.nowMs)
    else this.time.advance(this.nowMs)
    this.expire()
  }

  /** Drops what is over in the model, and notes whom that is told of. */
  expire(): void {
    for (const [key, model] of this.model) {
      const over = (entry: { atMs: number }) => entry.atMs + TTL_MS <= this.nowMs
      for (const kind of ['value', 'sum', 'list', 'map'] as const) {
        for (const entry of model[kind].filter(over)) {
          this.expected.push(`${key} ${entry.value} ${'key' in entry ? entry.key : undefined}`)
        }
        model[kind] = model[kind].filter((entry) => !over(entry)) as never
      }
    }
  }

  keyed({ do: what, key, n }: Extract<Operation, { key: string }>): void {
    this.backend.setCurrentKey(key)
    const model = this.model.get(key) ?? new KeyModel()
    this.model.set(key, model)
    const { value, sum, list, map } = this.states
    // Records of event time lie around the watermark: those behind it live by the watermark.
    const timestampMs = this.options.time === 'event' ? this.nowMs - 20 + 15 * n : Number.NaN
    this.backend.setCurrentTimestamp(timestampMs)
    const atMs = Math.max(this.nowMs, Number.isNaN(timestampMs) ? 0 : timestampMs)
    const later = (entry: { atMs: number } | undefined) => Math.max(entry?.atMs ?? 0, atMs)
    if (what === 'write') {
      value.update(n)
      model.value = [{ value: n, atMs: later(model.value[0]) }]
      sum.add(n)
      model.sum = [{ value: (model.sum[0]?.value ?? 0) + n, atMs: later(model.sum[0]) }]
      list.add(n)
      model.list.push({ value: n, atMs })
      map.put(`m${n}`, n)
      const entry = model.map.find((each) => each.key === `m${n}`)
      if (entry === undefined) model.map.push({ key: `m${n}`, value: n, atMs })
      else entry.atMs = later(entry)
    } else if (what === 'clear') {
      value.clear()
      sum.clear()
      list.clear()
      map.remove(`m${n}`)
      Object.assign(model, { value: [], sum: [], list: [] })
      model.map = model.map.filter((entry) => entry.key !== `m${n}`)
    } else {
      expect(value.value()).toBe(model.value[0]?.value)
      expect(sum.get()).toBe(model.sum[0]?.value)
      expect(list.get()).toEqual(model.list.map((entry) => entry.value))
      const sorted = [...map.entries()].map(([k, v]) => `${k} ${v}`).sort()
      expect(sorted).toEqual(model.map.map((entry) => `${entry.key} ${entry.value}`).sort())
      if (!this.reads) return
      for (const kind of ['value', 'sum', 'list', 'map'] as const) {
        for (const entry of model[kind]) entry.atMs = later(entry)
      }
    }
  }

  apply(operation: Operation): void {
    if (operation.do === 'pass') this.pass(operation.ms)
    else if ('key' in operation) this.keyed(operation)
    else if (operation.do === 'snapshot') {
      if (this.pending !== undefined) return
      const snapshot = this.backend.snapshot(1)
      this.pending = { snapshot, model: JSON.stringify([...this.model]) }
      snapshot.advance(1)
    } else {
      const { pending } = this
      if (pending === undefined) return
      while (!pending.snapshot.advance(2)) {}
      this.pending = undefined
      if (operation.do === 'restore') this.restore(pending.snapshot.sections(), pending.model)
    }
    expect([...this.told].sort()).toEqual(this.options.onExpire ? [...this.expected].sort() : [])
  }

  restore(sections: readonly StateSection[], model: string): void {
    this.backend.dispose()
    this.backend = open(this.time, sections)
    this.states = statesOf(this.backend, this.options)
    this.told.length = 0
    this.expected = []
    const plain = JSON.parse(model) as [string, KeyModel][]
    this.model = new Map(plain.map(([key, kinds]) => [key, Object.assign(new KeyModel(), kinds)]))
    this.pass(0) // what has expired since is told of as soon as the job runs
  }
}

describe.each([
  ['processing', 'on-create-and-write', false],
  ['processing', 'on-read-and-write', true],
  ['processing', 'on-create-and-write', true],
  ['event', 'on-read-and-write', false],
  ['event', 'on-create-and-write', true],
] as const)('%s time, %s, reporting: %s', (time, update, reports) => {
  test('behaves as a model with a clock does, through snapshots and restores', () => {
    fc.assert(
      fc.property(operations, fc.nat({ max: 2 }), (steps, entriesPerAccess) => {
        const cleanup = { entriesPerAccess }
        const run = new Run({ ttlMs: TTL_MS, time, update, cleanup }, reports)
        for (const step of steps) run.apply(step)
        run.pass(TTL_MS + 1)
        run.apply({ do: 'pass', ms: 0 })
      }),
      { seed: 42, numRuns: 150 },
    )
  })
})

import { expect, test } from 'vitest'
import { ErrorCode } from '../../src/base/engine-error.ts'
import { joinBytes } from '../../src/base/join-bytes.ts'
import type { KeyedStateBackend } from '../../src/state/keyed-state-backend.ts'
import { VOID_NAMESPACE } from '../../src/state/namespace.ts'
import {
  aggregatingState,
  listState,
  mapState,
  reducingState,
  valueState,
} from '../../src/state/state-descriptor.ts'
import type { StateSection } from '../../src/state/state-section.ts'
import { types } from '../../src/types/types.ts'
import { type BackendFactory, ManualTime } from './state-cluster.ts'

const FULL_RANGE = { first: 0, last: 15 }

/** Makes a backend of all key groups, with string keys. */
export function makeBackend(
  make: BackendFactory,
  options: Partial<Parameters<BackendFactory>[0]> = {},
): KeyedStateBackend {
  return make({
    keyGroupRange: FULL_RANGE,
    maxParallelism: 16,
    keyType: types.string,
    processingTime: new ManualTime(),
    ...options,
  })
}

/** The sections of a backend as it is now. */
export function takeSnapshot(backend: KeyedStateBackend): readonly StateSection[] {
  const snapshot = backend.snapshot(1)
  while (!snapshot.advance(3));
  return snapshot.sections()
}

/** Cases that state what users read in the documentation, one by one. */
export function kindCases(make: BackendFactory): void {
  test('each kind of state keeps its values per key', () => {
    const backend = makeBackend(make)
    const count = backend.getState(valueState('count', { type: types.int, initialValue: 10 }))
    const list = backend.getListState(listState('list', { type: types.string }))
    const map = backend.getMapState(mapState('map', { keyType: types.string, type: types.int }))
    const sum = backend.getReducingState(
      reducingState<number>('sum', (left, right) => left + right, { type: types.int }),
    )
    const average = backend.getAggregatingState(
      aggregatingState('average', {
        createAccumulator: () => ({ sum: 0, count: 0 }),
        add: (value: number, { sum, count }) => ({ sum: sum + value, count: count + 1 }),
        getResult: ({ sum, count }) => sum / count,
        merge: (left) => left,
      }),
    )
    backend.setCurrentKey('a')
    count.update(1)
    list.add('x')
    list.addAll(['z', 'y'])
    map.put('one', 1)
    map.put('two', 2)
    for (const value of [1, 2, 6]) {
      sum.add(value)
      average.add(value)
    }
    backend.setCurrentKey('b')
    expect([count.value(), list.get(), map.isEmpty, sum.get(), average.get()]).toEqual([
      10,
      [],
      true,
      undefined,
      undefined,
    ])
    count.update(5)
    backend.setCurrentKey('a')
    expect([count.value(), list.get(), sum.get(), average.get()]).toEqual([
      1,
      ['x', 'z', 'y'],
      9,
      3,
    ])
    expect([...map.entries()]).toEqual([
      ['one', 1],
      ['two', 2],
    ])
    expect([[...map.keys()], [...map.values()]]).toEqual([
      ['one', 'two'],
      [1, 2],
    ])
    expect([map.has('one'), map.has('three'), map.get('three')]).toEqual([true, false, undefined])
    map.remove('one')
    map.remove('two')
    expect(map.isEmpty).toBe(true)
    count.clear()
    expect(count.value()).toBe(10)
    backend.setCurrentKey('b')
    expect(count.value()).toBe(5)
  })
}

/** Cases of namespaces, names and keys. */
export function stateCases(make: BackendFactory): void {
  test('a list given to update is not changed by later additions', () => {
    const backend = makeBackend(make)
    backend.setCurrentKey('a')
    const list = backend.getListState(listState('list', { type: types.int }))
    const given = [1]
    list.update(given)
    list.add(2)
    expect([given, list.get()]).toEqual([[1], [1, 2]])
    list.update([])
    expect([list.get(), backend.size.entries]).toEqual([[], 0])
  })

  test('namespaces come and go with their entries, and views outlive them', () => {
    const backend = makeBackend(make)
    const table = backend.table<number>('table', types.int)
    const view = table.namespace(7)
    expect([...table.namespaces()]).toEqual([])
    view.put('a', 1)
    table.namespace('w').put('b', 2)
    expect(new Set(table.namespaces())).toEqual(new Set([7, 'w']))
    view.remove('a')
    expect([...table.namespaces()]).toEqual(['w'])
    table.namespace(7).put('c', 3)
    view.put('d', 4)
    view.fold('c', 5, (value, input) => (value ?? 0) + input)
    expect([view.get('c'), table.namespace(7).get('d'), view.size]).toEqual([8, 4, 2])
    const seen: unknown[] = []
    view.forEach((key, value) => {
      seen.push([key, value])
      view.remove(key)
    })
    expect(new Map(seen as [string, number][])).toEqual(
      new Map([
        ['c', 8],
        ['d', 4],
      ]),
    )
    table.removeNamespace('w')
    table.removeNamespace('w')
    expect([backend.size.entries, [...table.namespaces()]]).toEqual([0, []])
    table.namespace('w').put('b', 9)
    expect(table.namespace('w').get('b')).toBe(9)
  })
}

/** Cases of programs that use state wrongly. */
export function misuseCases(make: BackendFactory): void {
  test('one name is for one state', () => {
    const backend = makeBackend(make)
    backend.getState(valueState('x', { type: types.int }))
    backend.getState(valueState('x', { type: types.int }))
    const code = ErrorCode.INVALID_PROGRAM
    expectCode(() => backend.getState(valueState('x', { type: types.string })), code, /"x"/)
    expectCode(() => backend.getListState(listState('x', { type: types.int })), code, /list/)
  })

  test('keyed state without a current key is refused', () => {
    const backend = makeBackend(make)
    const count = backend.getState(valueState('count', { type: types.int }))
    const timers = backend.timerService('timers', { onEventTimer() {}, onProcessingTimer() {} })
    const code = ErrorCode.INVALID_PROGRAM
    expectCode(() => count.value(), code, /"count".*current key/)
    expectCode(() => count.update(1), code, /"count"/)
    expectCode(() => count.clear(), code, /"count"/)
    expectCode(() => timers.registerEventTimeTimer('', 1), code, /current key/)
  })

  test('state without a type is warned about once', () => {
    const warnings: string[] = []
    const backend = makeBackend(make, { warn: (message) => warnings.push(message) })
    backend.getState(valueState('untyped'))
    backend.getState(valueState('untyped'))
    backend.getMapState(mapState('map'))
    backend.getState(valueState('typed', { type: types.int }))
    expect(warnings.map((warning) => /"(.*)"/.exec(warning)?.[1])).toEqual(['untyped', 'map'])
  })
}

/** Cases of snapshots and of what is restored. */
export function snapshotCases(make: BackendFactory): void {
  test('state and timers that nobody asks for go on from snapshot to snapshot', () => {
    const first = makeBackend(make)
    const service = first.timerService('timers', { onEventTimer() {}, onProcessingTimer() {} })
    for (const key of ['a', 'b', 'c', 'd']) {
      first.setCurrentKey(key)
      first.getState(valueState('late', { type: types.string })).update(`of ${key}`)
      service.registerEventTimeTimer('w', 5)
    }
    const second = makeBackend(make, { restored: takeSnapshot(first) })
    second.advanceWatermark(100)
    expect(second.size).toEqual({ entries: 4, timers: 4 })
    const third = makeBackend(make, { restored: takeSnapshot(second) })
    third.setCurrentKey('c')
    expect(third.getState(valueState('late', { type: types.string })).value()).toBe('of c')
    const fired: unknown[] = []
    third.timerService('timers', {
      onEventTimer: (timestampMs, namespace) => {
        fired.push([third.currentKey, timestampMs, namespace])
      },
      onProcessingTimer() {},
    })
    third.advanceWatermark(4)
    expect(fired).toEqual([])
    third.advanceWatermark(5)
    expect(fired).toEqual(['a', 'b', 'c', 'd'].map((key) => [key, 5, 'w']))
  })

  test('restored state of another type or kind is refused by name', () => {
    const first = makeBackend(make)
    first.setCurrentKey('a')
    const row = types.row({ total: types.int })
    first.getState(valueState('tally', { type: row })).update({ total: 1 })
    const restored = takeSnapshot(first)
    const code = ErrorCode.INCOMPATIBLE_STATE
    const renamed = types.row({ sum: types.int })
    const open = (): KeyedStateBackend => makeBackend(make, { restored })
    expectCode(() => open().getState(valueState('tally', { type: renamed })), code, /tally.*total/)
    expectCode(() => open().getListState(listState('tally', { type: row })), code, /tally.*list/)
    const otherKeys = makeBackend(make, { restored, keyType: types.int })
    expectCode(() => otherKeys.getState(valueState('tally', { type: row })), code, /tally.*key/)
  })
}

/** Cases of what cannot be restored. */
export function refusedRestoreCases(make: BackendFactory): void {
  test('sections of other key groups or another max parallelism are refused', () => {
    const first = makeBackend(make)
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) {
      first.table('t', types.int).namespace('').put(key, 1)
    }
    const restored = takeSnapshot(first)
    const code = ErrorCode.STATE_NOT_RESTORABLE
    expectCode(() => makeBackend(make, { restored, maxParallelism: 32 }), code, /16.*32/)
    const keyGroupRange = { first: 0, last: 1 }
    expectCode(() => makeBackend(make, { restored, keyGroupRange }), code, /key group/)
    const twice = [...restored, ...restored]
    expectCode(() => makeBackend(make, { restored: twice }), code, /twice/)
  })

  test('damaged sections are refused or give a valid state, but never break the reader', () => {
    const first = makeBackend(make)
    first.setCurrentKey('a')
    first.getState(valueState('x', { type: types.string })).update('text')
    const [section] = takeSnapshot(first) as [StateSection]
    const bytes = joinBytes(section.pieces)
    for (let length = 0; length < bytes.length; length++) {
      const pieces = [bytes.slice(0, length)]
      const code = ErrorCode.CORRUPT_DATA
      expectCode(() => makeBackend(make, { restored: [{ ...section, pieces }] }), code, /./)
    }
    const unknown = bytes.slice()
    unknown[0] = 99
    expectCode(
      () => makeBackend(make, { restored: [{ ...section, pieces: [unknown] }] }),
      ErrorCode.CORRUPT_DATA,
      /version 99/,
    )
  })
}

/** Cases of the course of a snapshot. */
export function snapshotCourseCases(make: BackendFactory): void {
  test('one snapshot is open at a time, and its sections are there when it is complete', () => {
    const backend = makeBackend(make)
    const view = backend.table<number>('t', types.int).namespace(VOID_NAMESPACE)
    for (const key of ['a', 'b', 'c']) view.put(key, 1)
    const snapshot = backend.snapshot(7)
    expect(snapshot.checkpointId).toBe(7)
    expectCode(() => backend.snapshot(8), ErrorCode.ASSERTION, /open/)
    expect(snapshot.advance(2)).toBe(false)
    expectCode(() => snapshot.sections(), ErrorCode.ASSERTION, /complete/)
    snapshot.abort()
    expectCode(() => snapshot.advance(1), ErrorCode.ASSERTION, /aborted/)
    expect(takeSnapshot(backend).length).toBeGreaterThan(0)
  })

  test('a snapshot ends although more is added than it takes', () => {
    const backend = makeBackend(make)
    const view = backend.table<number>('t', types.int).namespace(VOID_NAMESPACE)
    for (let i = 0; i < 50; i++) view.put(`old ${i}`, i)
    const snapshot = backend.snapshot(1)
    let slices = 0
    let added = 0
    while (!snapshot.advance(2)) {
      expect(++slices).toBeLessThan(100)
      for (let i = 0; i < 10; i++) view.put(`new ${added++}`, i)
    }
    const restored = makeBackend(make, { restored: snapshot.sections() })
    expect(restored.size.entries).toBe(50)
  })

  test('a value of the wrong type fails the snapshot by the name of its state', () => {
    const backend = makeBackend(make)
    backend.setCurrentKey('a')
    backend.getState(valueState<unknown>('n', { type: types.int as never })).update('text')
    const snapshot = backend.snapshot(1)
    expectCode(() => snapshot.advance(10), ErrorCode.TYPE_MISMATCH, /state "n"/)
    snapshot.abort()
    backend.getState(valueState<unknown>('n', { type: types.int as never })).update(1)
    expect(takeSnapshot(backend).length).toBe(1)
  })
}

interface TimerFixture {
  readonly backend: KeyedStateBackend
  readonly time: ManualTime
  readonly fired: unknown[]
  readonly service: ReturnType<KeyedStateBackend['timerService']>
}
function openFixture(
  make: BackendFactory,
  restored: readonly StateSection[] = [],
  nowMs = 0,
): TimerFixture {
  const time = new ManualTime()
  time.turnTo(nowMs)
  const fired: unknown[] = []
  const backend = makeBackend(make, { processingTime: time, restored })
  const note = (domain: string) => (timestampMs: number, namespace: unknown) => {
    fired.push(`${domain} ${timestampMs} ${backend.currentKey} ${namespace}`)
  }
  const onEventTimer = note('e')
  const onProcessingTimer = note('p')
  const service = backend.timerService('t', { onEventTimer, onProcessingTimer })
  return { backend, time, fired, service }
}

/** Cases of timers. */
export function timerCases(make: BackendFactory): void {
  test('timers fire by time, then in the order of registration, also after a restore', () => {
    const { backend, service, fired } = openFixture(make)
    for (const key of ['c', 'a', 'd', 'b']) {
      backend.setCurrentKey(key)
      service.registerEventTimeTimer('', 2)
      service.registerEventTimeTimer('', 2)
      service.registerEventTimeTimer('w', 1)
    }
    backend.setCurrentKey('a')
    service.deleteEventTimeTimer('', 2)
    service.deleteEventTimeTimer('', 99)
    service.registerEventTimeTimer('', 3)
    const expected = ['e 1 c w', 'e 1 a w', 'e 1 d w', 'e 1 b w', 'e 2 c ', 'e 2 d ', 'e 2 b ']
    const restored = openFixture(make, takeSnapshot(backend))
    for (const each of [{ backend, fired }, restored]) {
      each.backend.advanceWatermark(2)
      expect(each.fired).toEqual(expected)
      each.backend.advanceWatermark(3)
      expect(each.fired).toEqual([...expected, 'e 3 a '])
      expect(each.backend.size.timers).toBe(0)
    }
  })

  test('deleted timers never fire, however many', () => {
    const { backend, service, fired } = openFixture(make)
    backend.setCurrentKey('a')
    for (let i = 0; i < 500; i++) service.registerEventTimeTimer('', i)
    for (let i = 0; i < 500; i++) if (i % 50 !== 7) service.deleteEventTimeTimer('', i)
    expect(backend.size.timers).toBe(10)
    backend.advanceWatermark(1_000)
    expect(fired).toEqual(Array.from({ length: 10 }, (_, i) => `e ${i * 50 + 7} a `))
  })

  test('a fired timer can be registered again, and the watermark never goes back', () => {
    const { backend, service, fired } = openFixture(make)
    backend.setCurrentKey('a')
    service.registerEventTimeTimer('', 5)
    backend.advanceWatermark(9)
    service.registerEventTimeTimer('', 5)
    backend.advanceWatermark(1)
    expect([fired, service.currentWatermarkMs]).toEqual([['e 5 a ', 'e 5 a '], 9])
  })
}

/** Cases of processing-time timers. */
export function processingTimerCases(make: BackendFactory): void {
  test('one callback is scheduled, for the earliest processing-time timer', () => {
    const { backend, service, fired, time } = openFixture(make)
    backend.setCurrentKey('a')
    service.registerProcessingTimeTimer('', 30)
    service.registerProcessingTimeTimer('', 10)
    service.registerProcessingTimeTimer('', 20)
    expect(time.waitingCount).toBe(1)
    service.deleteProcessingTimeTimer('', 10)
    time.turnTo(19)
    expect(fired).toEqual([])
    time.turnTo(20)
    expect([fired, time.waitingCount]).toEqual([['p 20 a '], 1])
    backend.dispose()
    expect(time.waitingCount).toBe(0)
    time.turnTo(50)
    expect(fired).toEqual(['p 20 a '])
  })

  test('an overdue processing-time timer fires at once after a restore, not within it', () => {
    const before = openFixture(make)
    before.backend.setCurrentKey('a')
    before.service.registerProcessingTimeTimer('w', 10)
    before.service.registerEventTimeTimer('w', 10)
    const after = openFixture(make, takeSnapshot(before.backend), 1_000)
    expect(after.fired).toEqual([])
    after.time.turnTo(1_000)
    expect(after.fired).toEqual(['p 10 a w'])
    after.backend.advanceWatermark(10)
    expect(after.fired).toEqual(['p 10 a w', 'e 10 a w'])
  })

  test('a time that is no number is refused', () => {
    const { backend, service } = openFixture(make)
    backend.setCurrentKey('a')
    const code = ErrorCode.INVALID_ARGUMENT
    expectCode(() => service.registerEventTimeTimer('', Number.NaN), code, /NaN/)
  })
}

function expectCode(call: () => unknown, code: ErrorCode, message: RegExp): void {
  let thrown: unknown
  try {
    call()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code, message: expect.stringMatching(message) })
}

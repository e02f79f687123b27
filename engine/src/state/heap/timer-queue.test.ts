import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { keyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'
import { HeapTimerQueue } from './heap-timer-queue.ts'
import type { TimerQueue, TimerQueueWalk } from './timer-queue.ts'
import { WheelTimerQueue } from './wheel-timer-queue.ts'

/** The keys of timers, some of which look alike. 'Aa' and 'BB' have the same hash. */
const KEYS: readonly unknown[] = ['Aa', 'BB', 1, '1', -0, NaN, 2.5, 7n, null, true, ['a', 1]]
const NAMESPACES: readonly Namespace[] = ['', 'Aa', 'BB', 1, -0.5]

interface Timer {
  readonly key: unknown
  readonly namespace: Namespace
  readonly timestampMs: number
  readonly sequence: number
}

type Step =
  | {
      readonly kind: 'register' | 'delete'
      readonly key: number
      readonly namespace: number
      readonly atMs: number
    }
  | { readonly kind: 'many'; readonly count: number; readonly everyMs: number }
  | { readonly kind: 'fire'; readonly untilMs: number; readonly again: number | undefined }
  | { readonly kind: 'take'; readonly untilMs: number }
  | { readonly kind: 'wake' | 'clear' | 'draw' | 'end' | 'restore' }
  | { readonly kind: 'walk'; readonly entries: number }

/** Times next to each other, about powers of two, at the ends of what is exact, and beyond. */
const times: fc.Arbitrary<number> = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 20 }) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(1, -1), fc.nat(53), fc.integer({ min: -2, max: 2 }))
      .map(([sign, power, by]) => sign * (2 ** power + by)),
  },
  { weight: 2, arbitrary: fc.maxSafeInteger() },
  { weight: 1, arbitrary: fc.integer({ min: -20, max: 160 }).map((quarters) => quarters / 4) },
  { weight: 1, arbitrary: fc.constantFrom(-0, -Infinity, Infinity, 1e300, -1e300, 2 ** 60) },
)

/** An index, mostly one of the first two, so that equal timers meet. */
const indexOf = (list: readonly unknown[]): fc.Arbitrary<number> =>
  fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, { weight: 1, arbitrary: fc.nat(list.length - 1) })

const change = fc.record({
  kind: fc.constantFrom('register' as const, 'register' as const, 'delete' as const),
  key: indexOf(KEYS),
  namespace: indexOf(NAMESPACES),
  atMs: times,
})

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: change },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('fire' as const),
        untilMs: times,
        again: fc.option(fc.integer({ min: -4, max: 600 }), { nil: undefined }),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const), untilMs: times }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('many' as const),
        count: fc.integer({ min: 1, max: 90 }),
        everyMs: fc.constantFrom(1, 3, 257, 100_000),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom('wake', 'wake', 'draw', 'draw', 'end', 'restore', 'clear'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('walk' as const),
        entries: fc.integer({ min: 1, max: 9 }),
      }),
    },
  ),
  { maxLength: 120, size: 'max' },
)

/** Timers in a list, and what a queue under test says about the same timers. */
class Trial {
  readonly #make: () => TimerQueue
  #queue: TimerQueue
  #timers: Timer[] = []
  #nextSequence = 0
  #drawn: { walk: TimerQueueWalk; saved: Timer[]; expected: readonly Timer[] } | undefined

  constructor(make: () => TimerQueue) {
    this.#make = make
    this.#queue = make()
  }

  run(steps: readonly Step[]): void {
    for (const step of steps) {
      this.#run(step)
      expect(this.#queue.size).toBe(this.#timers.length)
    }
    this.#run({ kind: 'draw' })
    this.#run({ kind: 'restore' })
    this.#fire(Infinity, undefined)
    expect(this.#queue.size).toBe(0)
  }

  #run(step: Step): void {
    switch (step.kind) {
      case 'register':
        this.#register(KEYS[step.key], NAMESPACES[step.namespace] ?? '', step.atMs)
        break
      case 'delete':
        this.#delete(KEYS[step.key], NAMESPACES[step.namespace] ?? '', step.atMs)
        break
      case 'many':
        for (let i = 0; i < step.count; i++) this.#register(i % 7, '', i * step.everyMs)
        break
      case 'fire':
        this.#fire(step.untilMs, step.again)
        break
      case 'take':
        this.#take(step.untilMs)
        break
      case 'wake':
        this.#wake()
        break
      case 'clear':
        this.#queue.clear()
        this.#timers = []
        break
      case 'draw':
        this.#draw()
        break
      case 'walk':
        this.#walk(step.entries)
        break
      case 'end':
        this.#drawn?.walk.end()
        this.#drawn = undefined
        break
      case 'restore':
        this.#restore()
        break
    }
  }

  #register(key: unknown, namespace: Namespace, timestampMs: number): void {
    const sequence = this.#nextSequence++
    this.#queue.register(key, keyIdentity(key), namespace, timestampMs, sequence)
    if (this.#find(key, namespace, timestampMs) >= 0) return
    this.#timers.push({ key, namespace, timestampMs, sequence })
  }

  #delete(key: unknown, namespace: Namespace, timestampMs: number): void {
    this.#queue.delete(keyIdentity(key), namespace, timestampMs)
    const at = this.#find(key, namespace, timestampMs)
    if (at >= 0) this.#timers.splice(at, 1)
  }

  /** Every fifth timer that fires registers another one, maybe of a time that has passed. */
  #fire(untilMs: number, again: number | undefined): void {
    for (;;) {
      const taken = this.#take(untilMs)
      if (taken === undefined) return
      if (again === undefined || taken.sequence % 5 !== 0) continue
      this.#register(taken.key, taken.namespace, taken.timestampMs + again)
    }
  }

  #take(untilMs: number): Timer | undefined {
    const due = this.#queue.takeDue(untilMs)
    const first = this.#first()
    if (first === undefined || first.timestampMs > untilMs) {
      expect(due).toBeUndefined()
      return undefined
    }
    const { key, namespace, timestampMs } = first
    const seen = [due?.key, due?.identity, due?.namespace, due?.timestampMs]
    expect(seen).toEqual([key, keyIdentity(key), namespace, timestampMs])
    this.#timers.splice(this.#timers.indexOf(first), 1)
    return first
  }

  /** Waking when the queue says so finds the first timer, and each time it is later. */
  #wake(): void {
    let beforeMs: number | undefined
    for (;;) {
      const wakeMs = this.#queue.wakeMs()
      expect(wakeMs === undefined).toBe(this.#timers.length === 0)
      if (wakeMs === undefined) return
      expect(wakeMs).toBeLessThanOrEqual(this.#first()?.timestampMs ?? -Infinity)
      if (beforeMs !== undefined) expect(wakeMs).toBeGreaterThan(beforeMs)
      if (this.#take(wakeMs) !== undefined) return
      beforeMs = wakeMs
    }
  }

  #draw(): void {
    if (this.#drawn !== undefined) return
    const saved: Timer[] = []
    const walk = this.#queue.drawLine(
      this.#nextSequence,
      (key, namespace, timestampMs, sequence) => {
        saved.push({ key, namespace, timestampMs, sequence })
      },
    )
    this.#drawn = { walk, saved, expected: [...this.#timers] }
  }

  #walk(entries: number): void {
    if (this.#drawn === undefined) return
    const { walk, saved, expected } = this.#drawn
    const budget = { entries, visits: 2 * entries }
    const isComplete = walk.advance(budget)
    if (!isComplete) expect(Math.min(budget.entries, budget.visits)).toBe(0)
    else expect(saved.toSorted(bySequence)).toEqual(expected.toSorted(bySequence))
  }

  /** Goes on from the open snapshot. */
  #restore(): void {
    if (this.#drawn === undefined) return
    this.#walk(1_000_000)
    this.#timers = []
    this.#nextSequence = 0
    this.#queue = this.#make()
    const { saved } = this.#drawn
    this.#drawn = undefined
    for (const { key, namespace, timestampMs } of saved.sort(bySequence)) {
      this.#register(key, namespace, timestampMs)
    }
  }

  #find(key: unknown, namespace: Namespace, timestampMs: number): number {
    return this.#timers.findIndex(
      (timer) =>
        timer.timestampMs === timestampMs &&
        timer.namespace === namespace &&
        Object.is(keyIdentity(timer.key), keyIdentity(key)),
    )
  }

  #first(): Timer | undefined {
    return this.#timers.reduce<Timer | undefined>((first, timer) => {
      if (first === undefined || timer.timestampMs < first.timestampMs) return timer
      const isSameTime = timer.timestampMs === first.timestampMs
      return isSameTime && timer.sequence < first.sequence ? timer : first
    }, undefined)
  }
}

function bySequence(left: Timer, right: Timer): number {
  return left.sequence - right.sequence
}

const QUEUES: readonly { readonly name: string; readonly make: () => TimerQueue }[] = [
  { name: 'WheelTimerQueue', make: () => new WheelTimerQueue() },
  { name: 'HeapTimerQueue', make: () => new HeapTimerQueue() },
]

describe.each(QUEUES)('$name', ({ make }) => {
  test('fires, saves and forgets what a sorted list does', () => {
    fc.assert(
      fc.property(steps, (history) => new Trial(make).run(history)),
      { seed: 20261127, numRuns: 500 },
    )
  })

  test('a timer of every kind of key and namespace is registered once, and deleted', () => {
    const queue = make()
    const forAll = (call: (key: unknown, namespace: Namespace) => void): void => {
      for (const key of KEYS) for (const namespace of NAMESPACES) call(key, namespace)
    }
    let sequence = 0
    const register = (key: unknown, namespace: Namespace): void =>
      queue.register(key, keyIdentity(key), namespace, 1, sequence++)
    forAll(register)
    forAll(register)
    expect(queue.size).toBe(KEYS.length * NAMESPACES.length)
    forAll((key, namespace) => queue.delete(keyIdentity(key), namespace, 1))
    expect([queue.size, queue.wakeMs(), queue.takeDue(Infinity)]).toEqual([0, undefined, undefined])
  })

  test('a timer of a moment that has passed is registered once, also when it is the last', () => {
    const queue = make()
    queue.register('a', 'a', '', 10, 0)
    queue.register('a', 'a', '', 12, 1)
    expect(queue.takeDue(11)?.timestampMs).toBe(10)
    queue.register('a', 'a', '', 5, 2)
    queue.delete('a', '', 12)
    queue.register('a', 'a', '', 5, 3)
    expect([queue.size, queue.wakeMs(), queue.takeDue(11)?.timestampMs]).toEqual([1, 5, 5])
    queue.register('a', 'a', '', 5, 4)
    expect(queue.takeDue(11)?.timestampMs).toBe(5)
  })

  test('timers of equal time fire in the order of registration, also after most have gone', () => {
    const queue = make()
    const count = 9_000
    const moment = (i: number): number => 1_000_000 + (i % 3)
    for (let i = 0; i < count; i++) queue.register(i, i, 'before', 5, i)
    for (let i = 0; i < count; i++) {
      // The last slot is the first to be free.
      queue.delete(count - 1 - i, 'before', 5)
      queue.register(i, i, '', moment(i), count + i)
    }
    for (let i = 0; i < count; i++) if (i % 100 !== 0) queue.delete(i, '', moment(i))
    expect(queue.size).toBe(90)
    for (let i = 0; i < 50; i++) queue.register(i, i, 'again', moment(i), 2 * count + i)
    const fired: number[] = []
    for (;;) {
      const due = queue.takeDue(Infinity)
      if (due === undefined) break
      const order = (due.key as number) + (due.namespace === '' ? 0 : count)
      fired.push(due.timestampMs * 20_000 + order)
    }
    expect(fired.length).toBe(140)
    expect(fired).toEqual(fired.toSorted((left, right) => left - right))
  })

  test('the timers of a snapshot stay its own while most of them go', () => {
    const queue = make()
    const count = 9_000
    for (let i = 0; i < count; i++) queue.register(i, i, '', i, i)
    const saved: number[] = []
    const walk = queue.drawLine(count, (key) => void saved.push(key as number))
    walk.advance({ entries: 100, visits: 1_000 })
    for (let i = count - 1; i >= 500; i--) queue.delete(i, '', i)
    for (let i = 0; i < 50; i++) queue.register(-i, -i, '', -i, count + i)
    for (let i = 0; i < 300; i++) queue.takeDue(Infinity)
    while (!walk.advance({ entries: 100, visits: 1_000 })) queue.takeDue(Infinity)
    walk.end()
    expect(saved.sort((left, right) => left - right)).toEqual(Array.from(Array(count).keys()))
    queue.clear()
    expect([queue.size, queue.wakeMs()]).toEqual([0, undefined])
  })
})

import fc from 'fast-check'

/** One step of a random history of a keyed operator. */
export type StateOperation =
  | {
      readonly kind: 'write'
      readonly write: StateWrite
      readonly key: number
      readonly ns: number
    }
  | { readonly kind: 'removeNamespace'; readonly ns: number }
  | {
      readonly kind: 'timer'
      readonly timer: TimerChange
      readonly key: number
      readonly ns: number
    }
  | { readonly kind: 'watermark' | 'clock'; readonly byMs: number }
  | { readonly kind: 'begin' | 'finish' | 'abort' }
  | { readonly kind: 'advance'; readonly entries: number }
  | { readonly kind: 'restore'; readonly parallelism: number }

/** A change of one state of the current key. */
export type StateWrite =
  | { readonly on: 'value' | 'reducing' | 'list.add' | 'fold' | 'mutate'; readonly n: number }
  | { readonly on: 'aggregating'; readonly n: number }
  | { readonly on: 'list.update'; readonly values: readonly number[] }
  | { readonly on: 'map.put'; readonly at: number; readonly n: number }
  | { readonly on: 'map.remove'; readonly at: number }
  | { readonly on: 'clear'; readonly state: number }

export interface TimerChange {
  readonly domain: 'event' | 'processing'
  readonly isDelete: boolean
  readonly timestampMs: number
}

/** Keys of several types; two of them look alike as text. */
export const KEYS: readonly unknown[] = ['a', 'b', 1, '1', ['a', 2], { id: 7 }, -3.5, '\uDC00x', '']

export const NAMESPACES: readonly (string | number)[] = ['', 'w', 1_000, -0.5]

const key = fc.nat(KEYS.length - 1)
const ns = fc.nat(NAMESPACES.length - 1)
const n = fc.integer({ min: -9, max: 9 })

const write: fc.Arbitrary<StateWrite> = fc.oneof(
  fc.record({ on: fc.constantFrom('value', 'reducing', 'list.add', 'fold', 'mutate'), n }),
  fc.record({ on: fc.constant('aggregating' as const), n }),
  fc.record({ on: fc.constant('list.update' as const), values: fc.array(n, { maxLength: 3 }) }),
  fc.record({ on: fc.constant('map.put' as const), at: fc.nat(3), n }),
  fc.record({ on: fc.constant('map.remove' as const), at: fc.nat(3) }),
  fc.record({ on: fc.constant('clear' as const), state: fc.nat(5) }),
)

const timer: fc.Arbitrary<TimerChange> = fc.record({
  domain: fc.constantFrom('event', 'processing'),
  isDelete: fc.boolean(),
  // Few times, so that timers meet again after they fired or were deleted.
  timestampMs: fc.oneof(
    { weight: 9, arbitrary: fc.nat(9).map((step) => step * 7) },
    { weight: 1, arbitrary: fc.constantFrom(-7, 10.5, 300, 70_000, 2 ** 33, -(2 ** 40)) },
  ),
})

/** Histories in which snapshots are drawn, walked in slices, aborted and restored at any moment. */
export const histories: fc.Arbitrary<StateOperation[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ kind: fc.constant('write' as const), write, key, ns }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('timer' as const),
        timer,
        key: fc.nat(3),
        ns: fc.nat(1),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('removeNamespace' as const), ns }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constantFrom('watermark', 'clock'),
        byMs: fc.oneof(
          { weight: 15, arbitrary: fc.nat(15) },
          { weight: 1, arbitrary: fc.constantFrom(300, 80_000) },
        ),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('begin', 'begin', 'finish') }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('advance' as const),
        entries: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('restore' as const),
        parallelism: fc.integer({ min: 1, max: 4 }),
      }),
    },
  ),
  { minLength: 30, maxLength: 120, size: 'max' },
)

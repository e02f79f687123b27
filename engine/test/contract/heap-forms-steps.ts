import fc from 'fast-check'
import type { Namespace } from '../../src/state/namespace.ts'
import type { TypeInformation } from '../../src/types/type-information.ts'
import { types } from '../../src/types/types.ts'

export const NAMESPACES: readonly Namespace[] = ['', 7, 'w']

/** Keys that belong into the last of 64 cells, and so shift each other around the end. */
const COLLIDING = Array.from({ length: 4_000 }, (_, key) => key)
  .filter((key) => Math.imul(key, 0x9e3779b1) >>> 26 === 63)
  .slice(0, 12)
const INTS = [0, -0, 1, -1, 2 ** 31 - 1, -(2 ** 31), ...COLLIDING]
/** One of them makes a typed table one of wide keys. */
const WIDE = [2 ** 31, -(2 ** 31) - 1, 2 ** 33 + 3, 3 - 2 ** 33, 2 ** 53 - 1, -(2 ** 53) + 1]
/** One of them makes a typed table a map again. */
const OTHERS = [2 ** 53, 0.5, Number.NaN, '1', 'a', null, [1, 2]]

export interface Tally {
  total: number
}

export type TableName = 'numbers' | 'tallies' | 'anything'

export const TABLES: Readonly<Record<TableName, TypeInformation<unknown>>> = {
  numbers: types.number as TypeInformation<unknown>,
  tallies: types.row({ total: types.number }) as TypeInformation<unknown>,
  anything: types.generic(),
}

export type Step =
  | {
      readonly on: 'put' | 'fold' | 'mutate' | 'remove'
      readonly at: Place
      readonly value: number
    }
  | { readonly on: 'oddPut'; readonly at: Place; readonly value: unknown }
  | { readonly on: 'fill' | 'drain' | 'visit'; readonly at: Place; readonly count: number }
  | { readonly on: 'removeNamespace'; readonly at: Place }
  | { readonly on: 'begin' | 'abort' }
  | { readonly on: 'advance'; readonly entries: number }
  | { readonly on: 'restore'; readonly parallelism: number }

export interface Place {
  readonly table: TableName
  readonly namespace: Namespace
  readonly key: unknown
}

/** Many keys, mostly of one namespace, so that steps meet; `severalOf` gives some of them. */
const denseAt: fc.Arbitrary<Place> = fc.record({
  table: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<TableName>('numbers', 'tallies') },
    { weight: 1, arbitrary: fc.constant<TableName>('anything') },
  ),
  namespace: fc.oneof(
    { weight: 5, arbitrary: fc.constant<Namespace>(7) },
    { weight: 2, arbitrary: fc.constantFrom(...NAMESPACES) },
  ),
  key: fc.oneof(
    { weight: 60, arbitrary: fc.nat(60).map((key): unknown => key * 3) },
    { weight: 40, arbitrary: fc.constantFrom<unknown>(...INTS) },
    { weight: 2, arbitrary: fc.constantFrom<unknown>(...WIDE) },
    { weight: 1, arbitrary: fc.constantFrom<unknown>(...OTHERS) },
  ),
})

/** Few keys, so that namespaces have one, some or none. */
const sparseAt: fc.Arbitrary<Place> = fc.record({
  table: fc.constantFrom<TableName>('numbers', 'tallies'),
  namespace: fc.constantFrom(...NAMESPACES),
  key: fc.constantFrom<unknown>(-0, Number.NaN, 'a'),
})

const value = fc.constantFrom(0, -0, 1, -7, 0.1, 2 ** 53 - 1, Number.NaN, Number.NEGATIVE_INFINITY)
const oddValue = fc.constantFrom<unknown>('text', null, true)
const count = fc.integer({ min: 1, max: 150 })

/** A step of a kind with its fields. */
function step<K extends Step['on'], Fields extends object>(
  on: readonly K[],
  fields: { [F in keyof Fields]: fc.Arbitrary<Fields[F]> },
): fc.Arbitrary<Fields & { readonly on: K }> {
  const record = fc.record({ ...fields, on: fc.constantFrom(...on) })
  return record as fc.Arbitrary<unknown> as fc.Arbitrary<Fields & { readonly on: K }>
}

function stepsAt(at: fc.Arbitrary<Place>, severalWeight: number): fc.Arbitrary<Step[]> {
  const untyped = at.map((place): Place => ({ ...place, table: 'anything' }))
  const one = fc.oneof(
    { weight: 14, arbitrary: step(['put', 'fold', 'mutate', 'remove'], { at, value }) },
    { weight: 1, arbitrary: step(['oddPut'], { at: untyped, value: oddValue }) },
    { weight: severalWeight, arbitrary: step(['fill', 'drain'], { at, count }) },
    { weight: 1, arbitrary: step(['visit'], { at, count }) },
    { weight: 1, arbitrary: step(['removeNamespace'], { at }) },
    { weight: 3, arbitrary: step(['begin'], {}) },
    { weight: 6, arbitrary: step(['advance'], { entries: fc.constantFrom(1, 2, 5, 20, 1_000) }) },
    { weight: 1, arbitrary: step(['abort'], {}) },
    { weight: 1, arbitrary: step(['restore'], { parallelism: fc.integer({ min: 1, max: 3 }) }) },
  )
  return fc.array(one, { minLength: 20, maxLength: 90, size: 'max' })
}

/** What happens to the tables of an operator. */
export const steps: fc.Arbitrary<Step[]> = fc.oneof(stepsAt(denseAt, 3), stepsAt(sparseAt, 0))

/** A value of a table, as one that reads them sees them. */
export function made(table: TableName, number: number): unknown {
  return table === 'tallies' ? { total: number } : number
}

/** Folds in place where there is an object, as aggregates of users do. */
export function fold(table: TableName): (before: unknown, input: number) => unknown {
  if (table !== 'tallies') return (before, input) => (Number(before ?? 0) || 0) + input
  return (before, input) => {
    const tally = (before ?? { total: 0 }) as Tally
    tally.total += input
    return tally
  }
}

/** True for the values that can be changed in place. */
export function isTally(value: unknown): value is Tally {
  return typeof value === 'object' && value !== null
}

/** So many integer keys from a place on. */
export function severalOf({ at: place, count }: { at: Place; count: number }): Place[] {
  return Array.from({ length: count }, (_, key) => ({ ...place, key: key * 3 }))
}

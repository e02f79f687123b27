import { type TypeInformation, types } from '@millrace/engine'
import type { NamespaceView } from '../../engine/src/state/keyed-state-backend.ts'
import { heapBackend } from './heap-backend.ts'
import type { MicroCase } from './micro-case.ts'

/** How many keys there are, all integers. At 1 M the tables are larger than the caches. */
const SIZES = { '10k': 10_000, '1m': 1_000_000 }

/** Accesses per iteration. */
const ACCESSES = 65_536

interface Tally {
  readonly total: number
}

/** Values of a table, all standing for one. */
interface Kind<V> {
  readonly type: TypeInformation<V>
  readonly make: () => V
  /** Leaves the value what it was, in a way that a compiler cannot know. */
  readonly fold: (value: V | undefined, input: number) => V
  readonly read: (value: V | undefined) => number
}

const KINDS = {
  number: {
    type: types.number,
    make: () => 1,
    fold: (value, input) => Math.max(value ?? 0, input),
    read: (value) => value ?? 0,
  } satisfies Kind<number> as Kind<unknown>,
  object: {
    type: types.row({ total: types.number }) as TypeInformation<Tally>,
    make: () => ({ total: 1 }),
    fold: (value, input) => ({ total: Math.max(value?.total ?? 0, input) }),
    read: (value) => value?.total ?? 0,
  } satisfies Kind<Tally> as Kind<unknown>,
}

type Operation = (view: NamespaceView<unknown>, key: number, kind: Kind<unknown>) => number

const OPERATIONS: Readonly<Record<string, Operation>> = {
  get: (view, key, kind) => kind.read(view.get(key)),
  update: (view, key, kind) => {
    view.put(key, kind.make())
    return 1
  },
  fold: (view, key, kind) => {
    view.fold(key, 1, kind.fold)
    return 1
  },
  /** The key leaves and comes back: the table keeps its size, and its holes are closed at times. */
  remove: (view, key, kind) => {
    view.remove(key)
    view.put(key, kind.make())
    return 1
  },
}

/**
 * Tables of integer keys, one access per record, keys at random.
 * @param mapLimit Infinity for maps instead of typed tables, to compare with them
 */
export function intTableCases(mapLimit?: number): readonly MicroCase[] {
  return Object.entries(SIZES).flatMap(([size, keys]) =>
    Object.entries(KINDS).flatMap(([name, kind]) => [
      ...Object.entries(OPERATIONS).map(([operation, operate]) => ({
        name: `heap-int-${operation}-${size}-${name}`,
        records: ACCESSES,
        prepare: () => accessing(filled(keys, kind, mapLimit), operate, keys, kind),
      })),
      {
        name: `heap-int-insert-${size}-${name}`,
        records: keys,
        prepare: () => filling(keys, kind, mapLimit),
      },
    ]),
  )
}

function accessing(
  view: NamespaceView<unknown>,
  operate: Operation,
  keys: number,
  kind: Kind<unknown>,
): () => number {
  const order = randomKeys(keys)
  let at = 0
  return () => {
    let sum = 0
    for (let i = 0; i < ACCESSES; i++) {
      at = (at + 1) % order.length
      sum += operate(view, order[at] as number, kind)
    }
    return sum
  }
}

/** A window of all keys that comes and goes, at its growing sizes. */
function filling(keys: number, kind: Kind<unknown>, mapLimit?: number): () => number {
  const table = heapBackend({ mapLimit }).table('table', kind.type)
  return () => {
    const view = table.namespace(1)
    for (let i = 0; i < keys; i++) view.put((i * 7919) % keys, kind.make())
    const { size } = view
    table.removeNamespace(1)
    return size
  }
}

function filled(keys: number, kind: Kind<unknown>, mapLimit?: number): NamespaceView<unknown> {
  const view = heapBackend({ mapLimit }).table('table', kind.type).namespace('')
  for (let i = 0; i < keys; i++) view.put((i * 7919) % keys, kind.make())
  return view
}

/** A million keys at random, the same each time. */
function randomKeys(keys: number): Int32Array {
  let state = 1
  return Int32Array.from({ length: 2 ** 20 }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * keys)
  })
}

import type { ListState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { HeapTable } from './heap-table.ts'

const EMPTY: readonly never[] = Object.freeze([])

/** {@link ListState} over a table of arrays. */
export class HeapListState<T> implements ListState<T> {
  readonly #table: HeapTable<T[]>
  readonly #namespace: Namespace

  constructor(table: HeapTable<T[]>, namespace: Namespace) {
    this.#table = table
    this.#namespace = namespace
  }

  get(): readonly T[] {
    return this.#table.get(this.#namespace) ?? EMPTY
  }

  add(value: T): void {
    this.#table.fold(this.#namespace, value, append)
  }

  addAll(values: readonly T[]): void {
    if (values.length > 0) this.#table.fold(this.#namespace, values, appendAll)
  }

  update(values: readonly T[]): void {
    // A copy: later additions must not show in the caller's array.
    if (values.length > 0) this.#table.put(this.#namespace, values.slice())
    else this.#table.remove(this.#namespace)
  }

  clear(): void {
    this.#table.remove(this.#namespace)
  }
}

function append<T>(list: T[] | undefined, value: T): T[] {
  if (list === undefined) return [value]
  list.push(value)
  return list
}

function appendAll<T>(list: T[] | undefined, values: readonly T[]): T[] {
  if (list === undefined) return values.slice()
  // The length is read once, in case the values are the list itself.
  const count = values.length
  for (let i = 0; i < count; i++) list.push(values[i] as T)
  return list
}

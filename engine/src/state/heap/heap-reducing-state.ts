import type { ReducingState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { HeapTable } from './heap-table.ts'

/** {@link ReducingState} over a table. */
export class HeapReducingState<T> implements ReducingState<T> {
  readonly #table: HeapTable<T>
  readonly #namespace: Namespace
  readonly #fold: (value: T | undefined, input: T) => T

  constructor(table: HeapTable<T>, namespace: Namespace, reduce: (left: T, right: T) => T) {
    this.#table = table
    this.#namespace = namespace
    this.#fold = (value, input) => (value === undefined ? input : reduce(value, input))
  }

  get(): T | undefined {
    return this.#table.get(this.#namespace)
  }

  add(value: T): void {
    this.#table.fold(this.#namespace, value, this.#fold)
  }

  clear(): void {
    this.#table.remove(this.#namespace)
  }
}

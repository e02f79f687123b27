import type { ValueState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { HeapTable } from './heap-table.ts'

/** {@link ValueState} over a table. */
export class HeapValueState<T> implements ValueState<T> {
  readonly #table: HeapTable<T>
  readonly #namespace: Namespace
  readonly #initialValue: T | undefined

  constructor(table: HeapTable<T>, namespace: Namespace, initialValue: T | undefined) {
    this.#table = table
    this.#namespace = namespace
    this.#initialValue = initialValue
  }

  value(): T | undefined {
    const value = this.#table.get(this.#namespace)
    return value === undefined ? this.#initialValue : value
  }

  update(value: T): void {
    if (value === undefined) this.#table.remove(this.#namespace)
    else this.#table.put(this.#namespace, value)
  }

  clear(): void {
    this.#table.remove(this.#namespace)
  }
}

import type { ReducingState } from '../keyed-state.ts'
import type { TtlCell } from './ttl-cell.ts'

/** {@link ReducingState} whose value lives for a time, counted from the last value added. */
export class TtlReducingState<T> implements ReducingState<T> {
  readonly #cell: TtlCell<T>
  readonly #reduce: (left: T, right: T) => T

  constructor(cell: TtlCell<T>, reduce: (left: T, right: T) => T) {
    this.#cell = cell
    this.#reduce = reduce
  }

  get(): T | undefined {
    return this.#cell.read()
  }

  add(value: T): void {
    this.#cell.fold((sum) => (sum === undefined ? value : this.#reduce(sum, value)))
  }

  clear(): void {
    this.#cell.clear()
  }
}

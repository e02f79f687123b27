import type { ValueState } from '../keyed-state.ts'
import type { TtlCell } from './ttl-cell.ts'

/** {@link ValueState} whose value lives for a time. */
export class TtlValueState<T> implements ValueState<T> {
  readonly #cell: TtlCell<T>
  readonly #initialValue: T | undefined

  constructor(cell: TtlCell<T>, initialValue: T | undefined) {
    this.#cell = cell
    this.#initialValue = initialValue
  }

  value(): T | undefined {
    const value = this.#cell.read()
    return value === undefined ? this.#initialValue : value
  }

  update(value: T): void {
    if (value === undefined) this.#cell.clear()
    else this.#cell.write(value)
  }

  clear(): void {
    this.#cell.clear()
  }
}

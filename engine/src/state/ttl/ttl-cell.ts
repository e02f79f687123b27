import type { ValueState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { Stamped } from './stamped.ts'
import type { TtlRules } from './ttl-rules.ts'

/** One value per key that lives for a time: what value, reducing and aggregating state are over. */
export class TtlCell<V, R = V> {
  readonly #cell: ValueState<Stamped<V>>
  readonly #namespace: Namespace
  readonly #rules: TtlRules<R>
  readonly #reported: (value: V) => R

  /** @param reported makes the value that is told of when a stored one expires */
  constructor(
    cell: ValueState<Stamped<V>>,
    namespace: Namespace,
    rules: TtlRules<R>,
    reported: (value: V) => R,
  ) {
    this.#cell = cell
    this.#namespace = namespace
    this.#rules = rules
    this.#reported = reported
  }

  /** The value as users read it. */
  read(): V | undefined {
    const rules = this.#rules
    rules.beforeAccess()
    const stamped = this.#cell.value()
    if (stamped === undefined) return undefined
    if (rules.isExpired(stamped)) {
      this.#drop(stamped)
      return rules.returnsExpired ? stamped.value : undefined
    }
    if (rules.refreshesOnRead) {
      rules.refresh(stamped)
      this.#cell.update(stamped)
    }
    return stamped.value
  }

  write(value: V): void {
    this.#rules.beforeAccess()
    this.#put(this.#live(), value)
  }

  /** Replaces the value by one that is made of it; of undefined if there is none that lives. */
  fold(next: (value: V | undefined) => V): void {
    this.#rules.beforeAccess()
    const stamped = this.#live()
    this.#put(stamped, next(stamped?.value))
  }

  clear(): void {
    this.#live() // what had expired before is told of
    this.#cell.clear()
  }

  /** Called when the time of an entry may be over. */
  expireDue(): void {
    const stamped = this.#live()
    if (stamped !== undefined) this.#rules.watch(this.#namespace, stamped.atMs)
  }

  #put(stamped: Stamped<V> | undefined, value: V): void {
    const rules = this.#rules
    if (stamped === undefined) {
      const made = rules.stamp(value)
      this.#cell.update(made)
      rules.watch(this.#namespace, made.atMs)
      return
    }
    stamped.value = value
    rules.refresh(stamped)
    this.#cell.update(stamped)
  }

  /** The entry if it lives. One that does not is gone afterwards. */
  #live(): Stamped<V> | undefined {
    const stamped = this.#cell.value()
    if (stamped === undefined || !this.#rules.isExpired(stamped)) return stamped
    this.#drop(stamped)
    return this.#cell.value()
  }

  #drop(stamped: Stamped<V>): void {
    this.#cell.clear()
    this.#rules.report(this.#reported(stamped.value))
  }
}

import type { ListState } from '../keyed-state.ts'
import type { Namespace } from '../namespace.ts'
import type { Stamped } from './stamped.ts'
import type { TtlRules } from './ttl-rules.ts'

/** {@link ListState} of which each element lives for a time. */
export class TtlListState<T> implements ListState<T> {
  readonly #list: ListState<Stamped<T>>
  readonly #namespace: Namespace
  readonly #rules: TtlRules<T>

  constructor(list: ListState<Stamped<T>>, namespace: Namespace, rules: TtlRules<T>) {
    this.#list = list
    this.#namespace = namespace
    this.#rules = rules
  }

  get(): readonly T[] {
    const rules = this.#rules
    rules.beforeAccess()
    const before = this.#list.get()
    const live = this.#live()
    if (rules.refreshesOnRead && live.length > 0) {
      for (const stamped of live) rules.refresh(stamped)
      this.#list.update(live)
    }
    return (rules.returnsExpired ? before : live).map((stamped) => stamped.value)
  }

  add(value: T): void {
    this.addAll([value])
  }

  addAll(values: readonly T[]): void {
    if (values.length === 0) return
    const rules = this.#rules
    rules.beforeAccess()
    const isFirst = rules.reports && this.#live().length === 0
    const stamped = values.map((value) => rules.stamp(value))
    if (stamped.length === 1) this.#list.add(stamped[0] as Stamped<T>)
    else this.#list.addAll(stamped)
    rules.watchAdded(this.#namespace, (stamped[0] as Stamped<T>).atMs, isFirst)
  }

  update(values: readonly T[]): void {
    this.clear()
    this.addAll(values)
  }

  clear(): void {
    if (this.#rules.reports) this.#live() // what had expired before is told of
    this.#list.clear()
  }

  /** Called when the time of an element may be over. */
  expireDue(): void {
    const live = this.#live()
    if (live.length === 0) return
    const startMs = live.reduce((first, { atMs }) => Math.min(first, atMs), Infinity)
    this.#rules.watch(this.#namespace, startMs)
  }

  /** The elements that live. The others are gone afterwards. */
  #live(): readonly Stamped<T>[] {
    const rules = this.#rules
    const all = this.#list.get()
    const expired = all.filter((stamped) => rules.isExpired(stamped))
    if (expired.length === 0) return all
    this.#list.update(all.filter((stamped) => !rules.isExpired(stamped)))
    for (const { value } of expired) rules.report(value)
    return this.#list.get()
  }
}

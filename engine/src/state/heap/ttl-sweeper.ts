import { keyIdentity } from '../../types/key-identity.ts'
import type { EntryCursor } from './heap-entries.ts'
import type { HeapNamespace } from './heap-namespace.ts'
import type { HeapTable } from './heap-table.ts'

/**
 * Walks a table round and round, a few entries for each access, and removes what is expired: state
 * that nobody reads any more leaves the heap as long as there is traffic on other keys. A namespace
 * whose entries were moved is begun anew: that takes insertions of half its size at least, so the
 * walk has come far enough that what stays unseen is bounded by what is alive.
 */
export class TtlSweeper<S> {
  readonly #table: HeapTable<S>
  readonly #prune: (value: S) => S | undefined
  readonly #entriesPerStep: number
  #nodes: Iterator<HeapNamespace<S>> | undefined
  #node: HeapNamespace<S> | undefined
  #cursor: EntryCursor<S> | undefined

  constructor(table: HeapTable<S>, prune: (value: S) => S | undefined, entriesPerStep: number) {
    this.#table = table
    this.#prune = prune
    this.#entriesPerStep = entriesPerStep
  }

  /** Looks at the next entries; at the end of the table the next step starts over. */
  step(): void {
    for (let left = this.#entriesPerStep; left > 0; ) {
      if (this.#cursor?.next() === true) {
        this.#visit(this.#cursor)
        left--
      } else if (!this.#openNext()) return
    }
  }

  #visit({ key, value }: EntryCursor<S>): void {
    const kept = this.#prune(value)
    if (kept === value) return
    if (kept === undefined) this.#node?.removeBy(keyIdentity(key))
    else this.#node?.putBy(keyIdentity(key), key, kept)
  }

  #openNext(): boolean {
    this.#nodes ??= this.#table.nodes()
    const step = this.#nodes.next()
    this.#node = step.done === true ? undefined : step.value
    this.#cursor = this.#node?.cursor()
    if (step.done === true) this.#nodes = undefined
    return step.done !== true
  }
}

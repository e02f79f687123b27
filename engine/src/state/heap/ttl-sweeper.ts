import type { HeapEntry } from './heap-entry.ts'
import type { HeapNamespace } from './heap-namespace.ts'
import type { HeapTable } from './heap-table.ts'

/**
 * Walks a table round and round, a few entries for each access, and removes what is expired: state
 * that nobody reads any more leaves the heap as long as there is traffic on other keys.
 */
export class TtlSweeper<S> {
  readonly #table: HeapTable<S>
  readonly #prune: (value: S) => S | undefined
  readonly #entriesPerStep: number
  #nodes: Iterator<HeapNamespace<S>> | undefined
  #node: HeapNamespace<S> | undefined
  #entries: Iterator<HeapEntry<S>> | undefined

  constructor(table: HeapTable<S>, prune: (value: S) => S | undefined, entriesPerStep: number) {
    this.#table = table
    this.#prune = prune
    this.#entriesPerStep = entriesPerStep
  }

  /** Looks at the next entries; at the end of the table the next step starts over. */
  step(): void {
    for (let left = this.#entriesPerStep; left > 0; ) {
      const entry = this.#entries?.next()
      if (entry !== undefined && entry.done !== true) {
        this.#visit(entry.value)
        left--
      } else if (!this.#openNext()) return
    }
  }

  #visit(entry: HeapEntry<S>): void {
    const kept = this.#prune(entry.value)
    if (kept !== entry.value) this.#node?.replaceEntry(entry, kept)
  }

  #openNext(): boolean {
    this.#nodes ??= this.#table.nodes()
    const step = this.#nodes.next()
    this.#node = step.done === true ? undefined : step.value
    this.#entries = this.#node?.entries()
    if (step.done === true) this.#nodes = undefined
    return step.done !== true
  }
}

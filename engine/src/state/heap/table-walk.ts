import type { EntryCursor } from './heap-entries.ts'
import type { HeapNamespace } from './heap-namespace.ts'
import type { HeapTable } from './heap-table.ts'

/** What one slice of a snapshot may still do. */
export interface WalkBudget {
  /** Entries to serialize. */
  entries: number
  /** Entries to look at; those written since the line was drawn are only passed over. */
  visits: number
}

/**
 * Walks all entries of a table once, in slices, while the table changes: cursors bear that. What
 * is removed was serialized before, or is in the table's list of removed namespaces, which comes
 * last; what is added is above the line.
 */
export class TableWalk<V> {
  readonly #table: HeapTable<V>
  readonly #nodes: Iterator<HeapNamespace<V>>
  #cursor: EntryCursor<V> | undefined

  constructor(table: HeapTable<V>) {
    this.#table = table
    this.#nodes = table.nodes()
  }

  /** Serializes as much as the budget allows. @returns true at the end of the table. */
  advance(budget: WalkBudget): boolean {
    while (budget.entries > 0 && budget.visits > 0) {
      this.#cursor ??= this.#open()
      if (this.#cursor === undefined) return true
      this.#walk(this.#cursor, budget)
    }
    return false
  }

  #walk(cursor: EntryCursor<V>, budget: WalkBudget): void {
    while (budget.entries > 0 && budget.visits > 0) {
      const taken = cursor.passBlock()
      if (taken !== undefined) {
        budget.visits--
        budget.entries -= taken
        continue
      }
      if (!cursor.next()) {
        this.#cursor = undefined
        return
      }
      budget.visits--
      if (cursor.serialize()) budget.entries--
    }
  }

  #open(): EntryCursor<V> | undefined {
    const step = this.#nodes.next()
    if (step.done !== true) return step.value.cursor()
    return this.#table.takeDetached()?.cursor()
  }
}

import type { Namespace } from '../namespace.ts'
import type { HeapEntry } from './heap-entry.ts'
import type { HeapNamespace } from './heap-namespace.ts'
import type { HeapTable } from './heap-table.ts'
import type { SnapshotLine } from './snapshot-line.ts'

/** What one slice of a snapshot may still do. */
export interface WalkBudget {
  /** Entries to serialize. */
  entries: number
  /** Entries to look at; those written since the line was drawn are only passed over. */
  visits: number
}

/**
 * Walks all entries of a table once, in slices, while the table changes: maps may be added to and
 * removed from during an iteration. What is removed was serialized before, or is in the table's
 * list of removed namespaces, which comes last; what is added is above the line.
 */
export class TableWalk<V> {
  readonly #table: HeapTable<V>
  readonly #line: SnapshotLine
  readonly #nodes: Iterator<HeapNamespace<V>>
  #namespace: Namespace = ''
  #entries: Iterator<HeapEntry<V>> | undefined

  constructor(table: HeapTable<V>, line: SnapshotLine) {
    this.#table = table
    this.#line = line
    this.#nodes = table.nodes()
  }

  /** Serializes as much as the budget allows. @returns true at the end of the table. */
  advance(budget: WalkBudget): boolean {
    while (budget.entries > 0 && budget.visits > 0) {
      const entries = this.#entries ?? this.#open()
      if (entries === undefined) return true
      this.#walk(entries, budget)
    }
    return false
  }

  #walk(entries: Iterator<HeapEntry<V>>, budget: WalkBudget): void {
    while (budget.entries > 0 && budget.visits > 0) {
      const step = entries.next()
      if (step.done === true) {
        this.#entries = undefined
        return
      }
      budget.visits--
      if (step.value.version >= this.#line.cut) continue
      this.#table.serialize(this.#namespace, step.value)
      budget.entries--
    }
  }

  #open(): Iterator<HeapEntry<V>> | undefined {
    const step = this.#nodes.next()
    if (step.done !== true) {
      this.#namespace = step.value.namespace
      this.#entries = step.value.entries()
      return this.#entries
    }
    const detached = this.#table.takeDetached()
    if (detached === undefined) return undefined
    this.#namespace = detached.namespace
    this.#entries = detached.entries.values()
    return this.#entries
  }
}

import { keyGroupOf, keyGroupRangeOf, subtaskOfKeyGroup } from '../../src/core/key-group.ts'
import {
  HeapKeyedStateBackend,
  type HeapKeyedStateBackendOptions,
} from '../../src/state/heap/heap-keyed-state-backend.ts'
import type { NamespaceView } from '../../src/state/keyed-state-backend.ts'
import type { Namespace } from '../../src/state/namespace.ts'
import { redistribute } from '../../src/state/state-redistribution.ts'
import type { StateSection } from '../../src/state/state-section.ts'
import { hashKey } from '../../src/types/key-hash.ts'
import { isTally, NAMESPACES, type Place, TABLES, type TableName } from './heap-forms-steps.ts'

const MAX_PARALLELISM = 8

/** Of which form the tables of a backend are. */
export type Form = Pick<HeapKeyedStateBackendOptions, 'mapLimit' | 'blockSlots'>

/** The subtasks of an operator whose tables are of one form. */
export class Subtasks {
  readonly backends: readonly HeapKeyedStateBackend[]
  readonly #views = new Map<string, NamespaceView<unknown>[]>()

  constructor(form: Form, parallelism: number, sections: readonly (readonly StateSection[])[]) {
    const given = redistribute(sections, MAX_PARALLELISM, parallelism)
    this.backends = Array.from(
      { length: parallelism },
      (_, subtask) =>
        new HeapKeyedStateBackend({
          keyGroupRange: keyGroupRangeOf(subtask, MAX_PARALLELISM, parallelism),
          maxParallelism: MAX_PARALLELISM,
          processingTime: { nowMs: () => 0, schedule: () => ({ cancel: () => {} }) },
          restored: given[subtask],
          ...form,
        }),
    )
    for (const table of Object.keys(TABLES)) this.views(table as TableName, '')
  }

  /** Those of number 7 are kept, as window operators do, whatever becomes of the namespace. */
  views(table: TableName, namespace: Namespace): NamespaceView<unknown>[] {
    if (namespace !== 7) return this.#freshViews(table, namespace)
    const kept = this.#views.get(table) ?? this.#freshViews(table, namespace)
    this.#views.set(table, kept)
    return kept
  }

  #freshViews(table: TableName, namespace: Namespace): NamespaceView<unknown>[] {
    return this.backends.map((backend) =>
      backend.table<unknown>(table, TABLES[table]).namespace(namespace),
    )
  }

  view({ table, namespace, key }: Place): NamespaceView<unknown> {
    return this.views(table, namespace)[this.subtaskOf(key)] as NamespaceView<unknown>
  }

  subtaskOf(key: unknown): number {
    const keyGroup = keyGroupOf(hashKey(key), MAX_PARALLELISM)
    return subtaskOfKeyGroup(keyGroup, MAX_PARALLELISM, this.backends.length)
  }

  removeNamespace({ table, namespace }: Place): void {
    for (const backend of this.backends) {
      backend.table<unknown>(table, TABLES[table]).removeNamespace(namespace)
    }
  }

  /** All entries in the order in which they are walked. */
  contents(): string[] {
    const lines: string[] = []
    for (const table of Object.keys(TABLES) as TableName[]) {
      for (const namespace of NAMESPACES) {
        for (const view of this.views(table, namespace)) {
          const before = lines.length
          view.forEach((key, entry) => {
            lines.push(line({ table, namespace, key }, entry))
          })
          if (view.size !== lines.length - before) lines.push(`but size ${view.size}`)
        }
      }
    }
    return lines
  }
}

/** An entry as text, with the sign of zero. */
export function line({ table, namespace, key }: Place, entry: unknown): string {
  const shown = isTally(entry) ? entry.total : entry
  return `${table} ${namespace} ${typeof key} ${key}: ${Object.is(shown, -0) ? '-0' : shown}`
}

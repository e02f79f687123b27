import { assert } from '../../base/engine-error.ts'
import type { KeyGroupRange } from '../../core/key-group.ts'
import type { KeyedStateSnapshot } from '../keyed-state-snapshot.ts'
import type { StateSection } from '../state-section.ts'
import type { HeapTable } from './heap-table.ts'
import type { HeapTimerService } from './heap-timer-service.ts'
import { KeyGroupChunks } from './key-group-chunks.ts'
import { type SectionPart, TIMERS_KIND, writeKeyedSection } from './keyed-snapshot-format.ts'
import type { RestoredKeyedState, RestoredPart } from './restored-keyed-state.ts'
import type { SnapshotLine } from './snapshot-line.ts'
import { TableWalk, type WalkBudget } from './table-walk.ts'
import { TimerWalk } from './timer-walk.ts'

/** What a snapshot is drawn of. */
export interface SnapshotSource {
  readonly line: SnapshotLine
  readonly range: KeyGroupRange
  readonly maxParallelism: number
  readonly tables: Iterable<HeapTable<unknown>>
  readonly timerServices: Iterable<HeapTimerService>
  /** State that nobody asked for yet; it goes into the snapshot as it is. */
  readonly unread: RestoredKeyedState
}

/** How many entries above the line a slice passes over for each one it serializes. */
const VISITS_PER_ENTRY = 16

interface Collected {
  readonly source: { readonly name: string; readonly serializers: string }
  readonly kind: string
  readonly chunks: KeyGroupChunks
}

/** The open or complete snapshot of a heap backend. Drawing it opens the line. */
export class HeapKeyedStateSnapshot implements KeyedStateSnapshot {
  readonly checkpointId: number
  readonly #range: KeyGroupRange
  readonly #maxParallelism: number
  readonly #line: SnapshotLine
  readonly #tables: HeapTable<unknown>[] = []
  readonly #timerWalks: TimerWalk[] = []
  readonly #walks: { advance(budget: WalkBudget): boolean }[] = []
  readonly #tableChunks: Collected[] = []
  readonly #timerChunks: Collected[] = []
  readonly #unreadTables: readonly RestoredPart[]
  readonly #unreadTimers: readonly RestoredPart[]
  #phase: 'open' | 'complete' | 'aborted' = 'open'
  #sections: readonly StateSection[] | undefined

  constructor(checkpointId: number, source: SnapshotSource) {
    const { line, range, maxParallelism } = source
    line.open()
    this.checkpointId = checkpointId
    this.#line = line
    this.#range = range
    this.#maxParallelism = maxParallelism
    for (const table of source.tables) {
      const chunks = table.beginSnapshot(range)
      this.#tables.push(table)
      this.#walks.push(new TableWalk(table))
      this.#tableChunks.push({ source: table, kind: table.kind, chunks })
    }
    for (const service of source.timerServices) {
      const chunks = new KeyGroupChunks(range)
      const walk = new TimerWalk(service, chunks, maxParallelism)
      this.#timerWalks.push(walk)
      this.#walks.push(walk)
      this.#timerChunks.push({ source: service, kind: TIMERS_KIND, chunks })
    }
    this.#unreadTables = [...source.unread.tables.values()].flat()
    this.#unreadTimers = [...source.unread.timerServices.values()].flat()
  }

  advance(maxEntries: number): boolean {
    assert(this.#phase !== 'aborted', `snapshot ${this.checkpointId} was aborted`)
    assert(maxEntries > 0, `a slice of a snapshot has at least one entry, not ${maxEntries}`)
    if (this.#phase === 'complete') return true
    const budget = { entries: maxEntries, visits: maxEntries * VISITS_PER_ENTRY }
    for (;;) {
      const walk = this.#walks[0]
      if (walk === undefined) break
      if (!walk.advance(budget)) return false
      this.#walks.shift()
    }
    const left = this.#line.pendingCount
    assert(left === 0, `snapshot ${this.checkpointId} passed over ${left} entries`)
    this.#close('complete')
    return true
  }

  sections(): readonly StateSection[] {
    assert(this.#phase === 'complete', `snapshot ${this.checkpointId} is not complete`)
    this.#sections ??= this.#build()
    return this.#sections
  }

  abort(): void {
    if (this.#phase === 'open') this.#close('aborted')
  }

  #close(phase: 'complete' | 'aborted'): void {
    this.#phase = phase
    this.#walks.length = 0
    for (const table of this.#tables) table.endSnapshot()
    for (const walk of this.#timerWalks) walk.end()
    this.#line.close()
  }

  #build(): StateSection[] {
    const unreadTables = Map.groupBy(this.#unreadTables, (part) => part.keyGroup)
    const unreadTimers = Map.groupBy(this.#unreadTimers, (part) => part.keyGroup)
    const sections: StateSection[] = []
    for (let keyGroup = this.#range.first; keyGroup <= this.#range.last; keyGroup++) {
      const tables = [
        ...partsOf(this.#tableChunks, keyGroup),
        ...(unreadTables.get(keyGroup) ?? []),
      ]
      const timerServices = [
        ...partsOf(this.#timerChunks, keyGroup),
        ...(unreadTimers.get(keyGroup) ?? []),
      ]
      if (tables.length === 0 && timerServices.length === 0) continue
      const maxParallelism = this.#maxParallelism
      const pieces = writeKeyedSection({ maxParallelism, keyGroup, tables, timerServices })
      sections.push({ kind: 'keyed', name: '', keyGroup, pieces })
    }
    this.#tableChunks.length = 0
    this.#timerChunks.length = 0
    return sections
  }
}

function partsOf(collected: readonly Collected[], keyGroup: number): SectionPart[] {
  const parts: SectionPart[] = []
  for (const { source, kind, chunks } of collected) {
    const chunk = chunks.chunk(keyGroup)
    if (chunk === undefined) continue
    const { name, serializers } = source
    parts.push({ name, kind, serializers, ...chunk })
  }
  return parts
}

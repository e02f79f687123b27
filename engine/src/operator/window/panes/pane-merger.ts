import { type KeyIdentity, keyIdentity } from '../../../types/key-identity.ts'
import type { WindowContents } from '../window-contents.ts'
import { accumulatorCopier } from './copy-accumulator.ts'

/** The contents of one key, merged from several panes. */
export interface MergedContents {
  readonly key: unknown
  value: unknown
}

/** Merges contents of panes without changing the panes. */
export class PaneMerger {
  readonly #merge: (value: unknown, other: unknown) => unknown
  readonly #copy: (value: unknown) => unknown
  readonly #copiesFirst: boolean
  readonly #copiesOthers: boolean

  constructor(contents: WindowContents<never, unknown>) {
    this.#merge = contents.merge
    this.#copy = accumulatorCopier(contents.type)
    this.#copiesFirst = contents.mergeChanges !== 'nothing'
    this.#copiesOthers = contents.mergeChanges === 'both'
  }

  /** Merges the contents of the next pane, which stay as they are, into what is merged so far. */
  add(merged: unknown, contents: unknown): unknown {
    if (merged === undefined) return this.#copiesFirst ? this.#copy(contents) : contents
    return this.#merge(merged, this.#copiesOthers ? this.#copy(contents) : contents)
  }

  /** {@link PaneMerger.add} for the entry of a key in a map of them. */
  addTo(all: Map<KeyIdentity, MergedContents>, key: unknown, contents: unknown): void {
    const identity = keyIdentity(key)
    const entry = all.get(identity)
    if (entry === undefined) all.set(identity, { key, value: this.add(undefined, contents) })
    else entry.value = this.add(entry.value, contents)
  }
}

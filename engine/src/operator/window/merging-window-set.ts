import type { KeyedStateBackend, StateTable } from '../../state/keyed-state-backend.ts'
import { type Namespace, VOID_NAMESPACE } from '../../state/namespace.ts'
import { types } from '../../types/types.ts'
import type { Window } from './window.ts'
import type { WindowAssigner } from './window-assigner.ts'

/**
 * Windows became one.
 *
 * @param result the window that covers them
 * @param merged the windows that were there before and are there no more
 * @param stateNamespace where the contents of the result are: those of one of the merged windows
 * @param mergedStateNamespaces where the contents of the others are; to be moved
 */
export type WindowsMerged<W> = (
  result: W,
  merged: readonly W[],
  stateNamespace: Namespace,
  mergedStateNamespaces: readonly Namespace[],
) => void

/**
 * The windows of the current key that may merge. Each keeps its contents in a state namespace of
 * its own, which stays the same while the window grows: merging then moves contents only where two
 * windows with contents meet.
 */
export interface MergingWindowSet<W extends Window> {
  /**
   * Adds a window and merges it with those it touches.
   * @param onMerge called for each merge of windows that were there before
   * @returns the window that covers the added one
   */
  addWindow(window: W, onMerge: WindowsMerged<W>): W
  /** Where the contents of a window are; undefined if the window is not in the set. */
  stateNamespaceOf(window: W): Namespace | undefined
  /** Forgets a window. */
  retireWindow(window: W): void
}

/** Makes the set of an operator. */
export type MergingWindowSetFactory = <W extends Window>(
  backend: KeyedStateBackend,
  assigner: WindowAssigner<never, W>,
) => MergingWindowSet<W>

interface Member<W> {
  readonly window: W
  readonly namespace: Namespace
  readonly stateNamespace: Namespace
}

const SET_TYPE = types.array(types.oneOf(types.string, types.number))

/** Keeps the set in keyed state: per key a flat list of window, state namespace, window, ... */
class StoredMergingWindowSet<W extends Window> implements MergingWindowSet<W> {
  readonly #assigner: WindowAssigner<never, W>
  readonly #table: StateTable<Namespace[]>

  constructor(backend: KeyedStateBackend, assigner: WindowAssigner<never, W>) {
    this.#assigner = assigner
    this.#table = backend.table('millrace-merging-windows', SET_TYPE)
  }

  addWindow(window: W, onMerge: WindowsMerged<W>): W {
    const { codec } = this.#assigner
    const namespace = codec.namespaceOf(window)
    const members = this.#read()
    const windows: W[] = []
    for (const member of members) {
      if (member.namespace === namespace) return window
      windows.push(member.window)
    }
    if (members.length === 0) {
      this.#write([{ window, namespace, stateNamespace: namespace }])
      return window
    }
    windows.push(window)
    const merges: { readonly result: W; readonly merged: readonly W[] }[] = []
    this.#assigner.mergeWindows?.(windows, (result, merged) => {
      merges.push({ result, merged })
    })
    return this.#carryOut(merges, window, members, onMerge)
  }

  #carryOut(
    merges: readonly { readonly result: W; readonly merged: readonly W[] }[],
    added: W,
    before: readonly Member<W>[],
    onMerge: WindowsMerged<W>,
  ): W {
    const { codec } = this.#assigner
    const addedNamespace = codec.namespaceOf(added)
    let members = before
    let target: W | undefined
    const calls: (() => void)[] = []
    for (const { result, merged } of merges) {
      const namespaces = merged.map((window) => codec.namespaceOf(window))
      if (namespaces.includes(addedNamespace)) target = result
      const gone = members.filter((member) => namespaces.includes(member.namespace))
      const first = gone[0]
      if (first === undefined) continue
      const { stateNamespace } = first
      const namespace = codec.namespaceOf(result)
      members = [
        ...members.filter((member) => !gone.includes(member)),
        { window: result, namespace, stateNamespace },
      ]
      // The added window lies within one that is there: nothing has changed.
      if (gone.length === 1 && first.namespace === namespace) continue
      const windows = gone.map((member) => member.window)
      const others = gone.slice(1).map((member) => member.stateNamespace)
      calls.push(() => onMerge(result, windows, stateNamespace, others))
    }
    if (target === undefined) {
      const stateNamespace = addedNamespace
      members = [...members, { window: added, namespace: addedNamespace, stateNamespace }]
    }
    if (target === undefined || calls.length > 0) this.#write(members)
    for (const call of calls) call()
    return target ?? added
  }

  stateNamespaceOf(window: W): Namespace | undefined {
    const namespace = this.#assigner.codec.namespaceOf(window)
    const stored = this.#table.get(VOID_NAMESPACE) ?? []
    for (let i = 0; i < stored.length; i += 2) {
      if (stored[i] === namespace) return stored[i + 1]
    }
    return undefined
  }

  retireWindow(window: W): void {
    const namespace = this.#assigner.codec.namespaceOf(window)
    this.#write(this.#read().filter((member) => member.namespace !== namespace))
  }

  #read(): Member<W>[] {
    const stored = this.#table.get(VOID_NAMESPACE) ?? []
    const members: Member<W>[] = []
    for (let i = 0; i < stored.length; i += 2) {
      const namespace = stored[i] as Namespace
      const window = this.#assigner.codec.windowOf(namespace)
      members.push({ window, namespace, stateNamespace: stored[i + 1] as Namespace })
    }
    return members
  }

  /** Always a new list: one that was read must not change under an open snapshot. */
  #write(members: readonly Member<W>[]): void {
    if (members.length === 0) {
      this.#table.remove(VOID_NAMESPACE)
      return
    }
    const stored = members.flatMap((member) => [member.namespace, member.stateNamespace])
    this.#table.put(VOID_NAMESPACE, stored)
  }
}

/** The set that window operators use: in keyed state, part of every snapshot. */
export const storedMergingWindowSet: MergingWindowSetFactory = (backend, assigner) =>
  new StoredMergingWindowSet(backend, assigner)

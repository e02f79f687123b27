import type { SplitEnumerator, SplitEnumeratorContext } from '../../operator/source/source.ts'

/** State of a {@link SplitQueueEnumerator}. */
export interface SplitQueueState<Split> {
  /** False if the snapshot was drawn before the splits were found: they are looked for again. */
  readonly discovered: boolean
  /** The splits that no reader has, in the order in which they are given out. */
  readonly unassigned: readonly Split[]
}

/**
 * Gives out a list of splits, one at a time, to whichever reader asks. The list is found once, at
 * the first start of the job; it may take time to find (a folder is listed).
 *
 * Splits that come back from a failed subtask go to the front, so that what was begun is ended
 * first.
 *
 * ```ts
 * const given: string[] = []
 * const context: SplitEnumeratorContext<string> = {
 *   parallelism: 1,
 *   env: new TestEnv(),
 *   assignSplit: (split, subtaskIndex) => given.push(`${split} to ${subtaskIndex}`),
 *   signalNoMoreSplits: (subtaskIndex) => given.push(`none to ${subtaskIndex}`),
 *   callAsync: () => {},
 * }
 * const enumerator = new SplitQueueEnumerator(context, undefined, () => ['a.csv', 'b.csv'])
 * enumerator.start()
 * for (let asked = 0; asked < 3; asked++) enumerator.handleSplitRequest(0)
 * given // => ['a.csv to 0', 'b.csv to 0', 'none to 0']
 * ```
 */
export class SplitQueueEnumerator<Split> implements SplitEnumerator<Split, SplitQueueState<Split>> {
  readonly #context: SplitEnumeratorContext<Split>
  readonly #discover: () => readonly Split[] | Promise<readonly Split[]>
  readonly #unassigned: Split[]
  /** Subtasks that asked before the splits were found. */
  readonly #waiting = new Set<number>()
  #discovered: boolean
  #closed = false

  /**
   * @param discover finds all splits; called at `start` unless they were restored. If it fails, the
   *   error is thrown in the enumerator's thread of control, which fails the job.
   */
  constructor(
    context: SplitEnumeratorContext<Split>,
    restored: SplitQueueState<Split> | undefined,
    discover: () => readonly Split[] | Promise<readonly Split[]>,
  ) {
    this.#context = context
    this.#discover = discover
    this.#discovered = restored?.discovered ?? false
    this.#unassigned = restored === undefined ? [] : [...restored.unassigned]
  }

  start(): void {
    if (this.#discovered) return
    const found = this.#discover()
    if (!(found instanceof Promise)) {
      this.#take(found)
      return
    }
    this.#context.callAsync(
      () => found,
      (splits, error) => {
        if (this.#closed) return
        if (splits === undefined) throw error
        this.#take(splits)
      },
    )
  }

  handleSplitRequest(subtaskIndex: number): void {
    if (!this.#discovered) {
      this.#waiting.add(subtaskIndex)
      return
    }
    const split = this.#unassigned.shift()
    if (split === undefined) this.#context.signalNoMoreSplits(subtaskIndex)
    else this.#context.assignSplit(split, subtaskIndex)
  }

  addSplitsBack(splits: readonly Split[], subtaskIndex: number): void {
    this.#unassigned.unshift(...splits)
    this.#waiting.delete(subtaskIndex)
  }

  addReader(subtaskIndex: number): void {
    this.#waiting.delete(subtaskIndex)
  }

  snapshotState(): SplitQueueState<Split> {
    return { discovered: this.#discovered, unassigned: [...this.#unassigned] }
  }

  close(): void {
    this.#closed = true
  }

  #take(splits: readonly Split[]): void {
    this.#unassigned.push(...splits)
    this.#discovered = true
    const waiting = [...this.#waiting].sort((left, right) => left - right)
    this.#waiting.clear()
    for (const subtaskIndex of waiting) this.handleSplitRequest(subtaskIndex)
  }
}

import type { SplitEnumerator, SplitEnumeratorContext } from '@millrace/engine/spi'
import type { NexmarkSplit } from './nexmark-split.ts'

/** Gives each reader its share of the splits at once: those of its index modulo parallelism. */
export class ShareEnumerator implements SplitEnumerator<NexmarkSplit, readonly NexmarkSplit[]> {
  readonly #context: SplitEnumeratorContext<NexmarkSplit>
  #unassigned: readonly NexmarkSplit[]

  constructor(context: SplitEnumeratorContext<NexmarkSplit>, unassigned: readonly NexmarkSplit[]) {
    this.#context = context
    this.#unassigned = unassigned
  }

  handleSplitRequest(subtaskIndex: number): void {
    const { parallelism } = this.#context
    const isOfShare = ({ index }: NexmarkSplit): boolean => index % parallelism === subtaskIndex
    const share = this.#unassigned.filter(isOfShare)
    this.#unassigned = this.#unassigned.filter((split) => !isOfShare(split))
    for (const split of share) this.#context.assignSplit(split, subtaskIndex)
    this.#context.signalNoMoreSplits(subtaskIndex)
  }

  addSplitsBack(splits: readonly NexmarkSplit[]): void {
    this.#unassigned = [...this.#unassigned, ...splits]
  }

  snapshotState(): readonly NexmarkSplit[] {
    return this.#unassigned
  }

  start(): void {}
  addReader(): void {}
  close(): void {}
}

import type { SplitEnumerator, SplitEnumeratorContext } from '../../operator/source/source.ts'
import type { HybridSplit, HybridState } from './hybrid-split.ts'
import type { StageSource } from './hybrid-stages.ts'

/** How far a subtask is. */
type Progress = 'not begun' | 'reading' | 'told no more' | 'finished'

/**
 * Runs the enumerator of one source after the other. A reader's request for a split means, as
 * things stand: "tell me what to read", "give me a split", or, after it was told that there are no
 * more, "I have finished".
 */
export class HybridEnumerator implements SplitEnumerator<HybridSplit, HybridState> {
  readonly #context: SplitEnumeratorContext<HybridSplit>
  readonly #sourceOf: StageSource<unknown>
  readonly #stageCount: number
  readonly #progress: Progress[]
  #stage: number
  #handover: unknown
  #inner: SplitEnumerator<unknown, unknown>
  #returned: HybridSplit[]

  constructor(
    context: SplitEnumeratorContext<HybridSplit>,
    restored: HybridState | undefined,
    sourceOf: StageSource<unknown>,
    stageCount: number,
  ) {
    this.#context = context
    this.#sourceOf = sourceOf
    this.#stageCount = stageCount
    this.#progress = new Array<Progress>(context.parallelism).fill('not begun')
    this.#stage = restored?.stage ?? 0
    this.#handover = restored?.handover ?? null
    this.#returned = [...(restored?.returned ?? [])]
    this.#inner = this.#newInner(restored?.inner)
  }

  start(): void {
    this.#inner.start()
  }

  handleSplitRequest(subtaskIndex: number): void {
    const progress = this.#progress[subtaskIndex]
    if (progress === 'not begun') this.#begin(subtaskIndex)
    else if (progress === 'reading') this.#inner.handleSplitRequest(subtaskIndex)
    else if (progress === 'told no more') {
      this.#progress[subtaskIndex] = 'finished'
      if (this.#progress.every((each) => each === 'finished')) this.#switch()
    }
  }

  addSplitsBack(splits: readonly HybridSplit[], subtaskIndex: number): void {
    const real = splits.filter(({ kind }) => kind === 'split')
    const present = real.filter(({ stage }) => stage === this.#stage)
    this.#returned.push(...real.filter(({ stage }) => stage < this.#stage))
    this.#progress[subtaskIndex] = 'not begun'
    this.#inner.addSplitsBack(
      present.map(({ content }) => content),
      subtaskIndex,
    )
  }

  addReader(subtaskIndex: number): void {
    this.#progress[subtaskIndex] = 'not begun'
  }

  snapshotState(checkpointId: number): HybridState {
    return {
      stage: this.#stage,
      handover: this.#handover,
      inner: this.#inner.snapshotState(checkpointId),
      returned: [...this.#returned],
    }
  }

  close(): void {
    this.#inner.close()
  }

  /** Sends what was given back of earlier sources first: it is read before the present one. */
  #begin(subtaskIndex: number): void {
    const returned = this.#returned
    this.#returned = []
    for (const split of returned) this.#context.assignSplit(split, subtaskIndex)
    this.#progress[subtaskIndex] = 'reading'
    this.#inner.addReader(subtaskIndex)
    this.#send('begin', this.#handover, subtaskIndex)
  }

  #switch(): void {
    // Drawn for the next source, not for a checkpoint.
    this.#handover = this.#inner.snapshotState(0)
    this.#inner.close()
    this.#stage++
    this.#inner = this.#newInner(undefined)
    this.#inner.start()
    for (let subtask = 0; subtask < this.#progress.length; subtask++) this.#begin(subtask)
  }

  #newInner(restored: unknown): SplitEnumerator<unknown, unknown> {
    const { parallelism, env } = this.#context
    const stage = this.#stage
    const isLast = stage === this.#stageCount - 1
    const source = this.#sourceOf(stage, this.#handover)
    return source.createEnumerator(
      {
        parallelism,
        env,
        assignSplit: (split, subtaskIndex) => this.#send('split', split, subtaskIndex),
        signalNoMoreSplits: (subtaskIndex) => {
          if (isLast) this.#context.signalNoMoreSplits(subtaskIndex)
          else {
            this.#progress[subtaskIndex] = 'told no more'
            this.#send('no-more', null, subtaskIndex)
          }
        },
        callAsync: (work, handle) =>
          this.#context.callAsync(work, (result, error) => {
            if (this.#stage === stage) handle(result, error)
          }),
      },
      restored,
    )
  }

  #send(kind: HybridSplit['kind'], content: unknown, subtaskIndex: number): void {
    this.#context.assignSplit({ stage: this.#stage, kind, content }, subtaskIndex)
  }
}

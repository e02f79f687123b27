import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { ScheduledTimer } from '../../env/timers.ts'
import type { SplitEnumerator, SplitEnumeratorContext } from '../../operator/source/source.ts'
import type { SplitQueueState } from './split-queue-enumerator.ts'

/** State of a {@link DiscoveringEnumerator}. */
export interface DiscoveryState<Split> extends SplitQueueState<Split> {
  /**
   * The names of what was found before and is still there. Without it the snapshot was drawn by an
   * enumerator that looks once.
   */
  readonly known?: readonly string[]
}

/** Something that was found, such as a file, and its splits. */
export interface Discovered<Split> {
  /** Tells it from everything else. */
  readonly name: string
  readonly splits: () => readonly Split[]
}

/** Options of {@link DiscoveringEnumerator}. */
export interface DiscoveryOptions<Split> {
  /** Lists all that is there now, known or not. */
  readonly discover: () => Promise<readonly Discovered<Split>[]>
  /** The pause between two looks, in milliseconds. */
  readonly everyMs: number
  /** The wall time from which on nothing new is looked for, in milliseconds. */
  readonly untilMs: number
  /** More names than this fail the job. */
  readonly knownMax: number
}

/**
 * Looks for new splits again and again, and gives them out as {@link SplitQueueEnumerator} does.
 * Each name is taken once. A name that is there no more is forgotten, so the state is as large as
 * one listing and does not grow with the age of the job.
 */
export class DiscoveringEnumerator<Split> implements SplitEnumerator<Split, DiscoveryState<Split>> {
  readonly #context: SplitEnumeratorContext<Split>
  readonly #options: DiscoveryOptions<Split>
  readonly #unassigned: Split[]
  readonly #waiting = new Set<number>()
  #known: Set<string>
  #discovered: boolean
  #isLast = false
  #timer: ScheduledTimer | undefined
  #closed = false

  /** @throws STATE_NOT_RESTORABLE if the snapshot does not tell what was read */
  constructor(
    context: SplitEnumeratorContext<Split>,
    restored: DiscoveryState<Split> | undefined,
    options: DiscoveryOptions<Split>,
  ) {
    if (restored?.discovered === true && restored.known === undefined) {
      throw new EngineError(
        ErrorCode.STATE_NOT_RESTORABLE,
        'the checkpoint was taken by a source that looked for its input once, and does not hold ' +
          'what was read; start without it, or give the source another uid',
      )
    }
    this.#context = context
    this.#options = options
    this.#unassigned = [...(restored?.unassigned ?? [])]
    this.#known = new Set(restored?.known)
    this.#discovered = restored?.discovered ?? false
  }

  start(): void {
    this.#look()
  }

  handleSplitRequest(subtaskIndex: number): void {
    const split = this.#unassigned.shift()
    if (split !== undefined) this.#context.assignSplit(split, subtaskIndex)
    else if (this.#isLast) this.#context.signalNoMoreSplits(subtaskIndex)
    else this.#waiting.add(subtaskIndex)
  }

  addSplitsBack(splits: readonly Split[], subtaskIndex: number): void {
    this.#unassigned.unshift(...splits)
    this.#waiting.delete(subtaskIndex)
    this.#serve()
  }

  addReader(subtaskIndex: number): void {
    this.#waiting.delete(subtaskIndex)
  }

  snapshotState(): DiscoveryState<Split> {
    return {
      discovered: this.#discovered,
      unassigned: [...this.#unassigned],
      known: [...this.#known],
    }
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #look(): void {
    const { clock } = this.#context.env
    const isLast = clock.nowMs() >= this.#options.untilMs
    this.#context.callAsync(this.#options.discover, (found, error) => {
      if (this.#closed) return
      if (found !== undefined) this.#take(found)
      // What is listed may vanish meanwhile; what was never there is a wrong path.
      else if (!this.#discovered || !isNotFound(error)) throw error
      this.#isLast = isLast
      this.#serve()
      if (!isLast) this.#lookAgain()
    })
  }

  /** The pause is part of the asynchronous work: what follows runs in the enumerator's thread. */
  #lookAgain(): void {
    const { clock, timers } = this.#context.env
    const { everyMs, untilMs } = this.#options
    const atMs = Math.min(clock.nowMs() + everyMs, Math.max(clock.nowMs() + 1, untilMs))
    this.#context.callAsync(
      () =>
        new Promise<void>((resolve) => {
          this.#timer = timers.schedule(atMs, resolve)
        }),
      () => {
        if (!this.#closed) this.#look()
      },
    )
  }

  #take(found: readonly Discovered<Split>[]): void {
    const { knownMax } = this.#options
    if (found.length > knownMax) {
      throw new EngineError(
        ErrorCode.INVALID_CONFIG,
        `there are ${found.length} inputs to remember, more than ${knownMax}; move away what has ` +
          'been read, or raise the limit',
      )
    }
    const known = new Set<string>()
    for (const { name, splits } of found) {
      known.add(name)
      if (!this.#known.has(name)) this.#unassigned.push(...splits())
    }
    this.#known = known
    this.#discovered = true
  }

  #serve(): void {
    const waiting = [...this.#waiting].sort((left, right) => left - right)
    this.#waiting.clear()
    for (const subtaskIndex of waiting) this.handleSplitRequest(subtaskIndex)
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof EngineError && error.code === ErrorCode.FILE_NOT_FOUND
}

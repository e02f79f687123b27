/// <reference types="node" />
import type { Source } from '../../../src/index.ts'
import type {
  ReaderOutput,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
  SplitEnumeratorContext,
} from '../../../src/spi.ts'

/** What the programs of the recovery tests read. */
export interface Reading {
  /** 1 to {@link READING_COUNT}; also the event time. */
  readonly id: number
  readonly key: string
  readonly n: number
}

export const READING_COUNT = 1_200

/** The source goes on behind this id when a checkpoint holds all that comes before. */
export const PAUSE_AT = 600

/** Twelve keys in four splits: all readings of a key are in one split, in order. */
const KEY_COUNT = 12
const SPLIT_COUNT = 4

/** Few, with a turn of the event loop in between: barriers come while readings are under way. */
const READINGS_PER_POLL = 5

/** The readings of one split, and the id of the next. */
interface ReadingSplit {
  readonly index: number
  readonly next: number
}

/** The reading of an id. */
export function readingOf(id: number): Reading {
  return { id, key: `k${id % KEY_COUNT}`, n: (id * 7_919) % 101 }
}

/**
 * Readings in order of their ids within a subtask. Half way the readers wait until a checkpoint is
 * complete in which they stand there, so that whatever fails behind it is restored from there.
 * @param holds true for a source that does not end: it waits behind its last reading
 */
export function pausedReadings(
  name: string,
  holds: boolean,
): Source<Reading, ReadingSplit, readonly ReadingSplit[]> {
  return {
    name,
    boundedness: holds ? 'unbounded' : 'bounded',
    createEnumerator: (context, restored) => new Shares(context, restored ?? allSplits()),
    createReader: (context) => new PausedReader(context, holds),
  }
}

function allSplits(): readonly ReadingSplit[] {
  return Array.from({ length: SPLIT_COUNT }, (_, index) => ({ index, next: index || SPLIT_COUNT }))
}

/** Gives split i to subtask i modulo parallelism, at its first request. */
class Shares implements SplitEnumerator<ReadingSplit, readonly ReadingSplit[]> {
  readonly #context: SplitEnumeratorContext<ReadingSplit>
  #unassigned: readonly ReadingSplit[]

  constructor(context: SplitEnumeratorContext<ReadingSplit>, unassigned: readonly ReadingSplit[]) {
    this.#context = context
    this.#unassigned = unassigned
  }

  start(): void {}

  handleSplitRequest(subtaskIndex: number): void {
    const isOwn = ({ index }: ReadingSplit): boolean =>
      index % this.#context.parallelism === subtaskIndex
    for (const split of this.#unassigned.filter(isOwn)) {
      this.#context.assignSplit(split, subtaskIndex)
    }
    this.#unassigned = this.#unassigned.filter((split) => !isOwn(split))
    this.#context.signalNoMoreSplits(subtaskIndex)
  }

  addSplitsBack(splits: readonly ReadingSplit[]): void {
    this.#unassigned = [...this.#unassigned, ...splits]
  }

  addReader(): void {}

  snapshotState(): readonly ReadingSplit[] {
    return this.#unassigned
  }

  close(): void {}
}

class PausedReader implements SourceReader<Reading, ReadingSplit> {
  readonly #context: SourceReaderContext
  readonly #holds: boolean
  readonly #splits: ReadingSplit[] = []
  readonly #checkpointsAtPause = new Set<number>()
  #hasAllSplits = false
  #isReleased = false

  constructor(context: SourceReaderContext, holds: boolean) {
    this.#context = context
    this.#holds = holds
  }

  start(): void {
    this.#context.requestSplit()
  }

  addSplits(splits: readonly ReadingSplit[]): void {
    this.#splits.push(...splits)
  }

  notifyNoMoreSplits(): void {
    this.#hasAllSplits = true
    this.#context.wakeUp()
  }

  poll(output: ReaderOutput<Reading>): 'more' | 'waiting' | 'end' {
    if (!this.#hasAllSplits) return 'waiting'
    for (let emitted = 0; emitted < READINGS_PER_POLL; emitted++) {
      const split = this.#lowest()
      if (split === undefined) return this.#holds ? 'waiting' : 'end'
      if (split.next > PAUSE_AT && !this.#isReleased) return 'waiting'
      this.#splits[this.#splits.indexOf(split)] = { ...split, next: split.next + SPLIT_COUNT }
      output.collect(readingOf(split.next), split.next)
    }
    setImmediate(() => this.#context.wakeUp())
    return 'waiting'
  }

  snapshotState(checkpointId: number): readonly ReadingSplit[] {
    const lowest = this.#lowest()
    if (this.#hasAllSplits && (lowest === undefined || lowest.next > PAUSE_AT)) {
      this.#checkpointsAtPause.add(checkpointId)
    }
    return [...this.#splits]
  }

  notifyCheckpointComplete(checkpointId: number): void {
    if (!this.#checkpointsAtPause.has(checkpointId)) return
    this.#isReleased = true
    this.#context.wakeUp()
  }

  close(): void {}

  /** The split with the lowest next id; undefined if all have been read. */
  #lowest(): ReadingSplit | undefined {
    return this.#splits
      .filter(({ next }) => next <= READING_COUNT)
      .sort((left, right) => left.next - right.next)[0]
  }
}

/// <reference types="node" />
import { metricGroup } from '../../src/core/metrics.ts'
import type { Env } from '../../src/env/env.ts'
import type {
  Source,
  SourceReader,
  SourceReaderContext,
  SplitEnumerator,
} from '../../src/operator/source/source.ts'
import { taskInfo } from './task-info.ts'

/** A snapshot of a whole source. */
export interface SourceSnapshot<Split, State> {
  readonly enumerator: State
  readonly splits: readonly Split[]
}

/** A malformed record as a source reported it. */
export interface Malformed {
  readonly record: unknown
  readonly origin: string
  readonly cause: unknown
}

/** Drives the enumerator and the readers of a source, one poll at a time. */
export class SourceHarness<T, Split, State> {
  readonly records: T[] = []
  readonly timestamps: number[] = []
  readonly malformed: Malformed[] = []
  readonly readers: SourceReader<T, Split>[] = []
  readonly #enumerator: SplitEnumerator<Split, State>
  readonly #awake: boolean[] = []
  readonly #ended: boolean[] = []
  #error: unknown
  #failed = false

  constructor(
    source: Source<T, Split, State>,
    env: Env,
    parallelism: number,
    restored?: SourceSnapshot<Split, State>,
  ) {
    const enumeratorContext = {
      parallelism,
      env,
      assignSplit: (split: Split, subtask: number) =>
        this.readers[subtask]?.addSplits(structuredClone([split])),
      signalNoMoreSplits: (subtask: number) => this.readers[subtask]?.notifyNoMoreSplits(),
      callAsync: <R>(
        work: () => Promise<R>,
        handle: (result: R | undefined, error: unknown) => void,
      ) => {
        work()
          .then((result) => handle(result, undefined))
          .catch((error) => {
            try {
              handle(undefined, error)
            } catch (thrown) {
              this.#fail(thrown)
            }
          })
      },
    }
    this.#enumerator = source.createEnumerator(enumeratorContext, restored?.enumerator)
    for (let subtask = 0; subtask < parallelism; subtask++) {
      this.#awake.push(true)
      this.#ended.push(false)
      const context: SourceReaderContext = {
        task: taskInfo(subtask, parallelism),
        env,
        metrics: metricGroup(),
        requestSplit: () => this.#enumerator.handleSplitRequest(subtask),
        wakeUp: () => {
          this.#awake[subtask] = true
        },
        fail: (error) => this.#fail(error),
      }
      this.readers.push(source.createReader(context))
    }
    this.#enumerator.start()
    const splits = restored?.splits ?? []
    for (const [subtask, reader] of this.readers.entries()) {
      this.#enumerator.addReader(subtask)
      const own = splits.filter((_split, index) => index % parallelism === subtask)
      if (own.length > 0) reader.addSplits(structuredClone(own))
      reader.start()
    }
  }

  get isDone(): boolean {
    return this.#ended.every((ended) => ended)
  }

  /** True if a reader waits to be polled. */
  get hasWork(): boolean {
    return this.#ready().length > 0
  }

  /**
   * Polls one reader that is awake; waits a macrotask if none is. Throws what made the source fail.
   */
  async step(choose: (count: number) => number, maxRecords: number = 100): Promise<void> {
    if (this.#failed) throw this.#error
    const candidates = this.#ready()
    if (candidates.length === 0) {
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#failed) throw this.#error
      return
    }
    this.poll(candidates[choose(candidates.length)] as number, maxRecords)
  }

  poll(subtask: number, maxRecords: number): void {
    this.#awake[subtask] = false
    const output = {
      collect: (value: T, timestampMs: number) => {
        this.records.push(value)
        this.timestamps.push(timestampMs)
      },
      malformed: (record: unknown, origin: string, cause: unknown) => {
        this.malformed.push({ record, origin, cause })
      },
    }
    const status = (this.readers[subtask] as SourceReader<T, Split>).poll(output, maxRecords)
    if (status === 'more') this.#awake[subtask] = true
    if (status === 'end') this.#ended[subtask] = true
  }

  async runToEnd(choose: (count: number) => number = () => 0): Promise<this> {
    let steps = 0
    while (!this.isDone) {
      if (++steps > 100_000) throw new Error('the source does not end')
      await this.step(choose)
    }
    this.close()
    return this
  }

  snapshot(): SourceSnapshot<Split, State> {
    const splits = this.readers.flatMap((reader) => reader.snapshotState(1))
    return structuredClone({ enumerator: this.#enumerator.snapshotState(1), splits })
  }

  close(): void {
    for (const reader of this.readers) reader.close()
    this.#enumerator.close()
  }

  #ready(): number[] {
    const subtasks = this.readers.map((_reader, subtask) => subtask)
    return subtasks.filter((subtask) => this.#awake[subtask] && !this.#ended[subtask])
  }

  #fail(error: unknown): void {
    if (!this.#failed) this.#error = error
    this.#failed = true
  }
}

/**
 * Runs a source to its end with snapshots and restores at random points; what was emitted after a
 * snapshot is forgotten when the source is restored from it, as a job would.
 */
export async function runWithRestores<T, Split, State>(
  makeSource: () => Source<T, Split, State>,
  env: Env,
  below: (bound: number) => number,
): Promise<{ readonly records: readonly T[]; readonly malformed: readonly Malformed[] }> {
  const records: T[] = []
  const malformed: Malformed[] = []
  let snapshot: SourceSnapshot<Split, State> | undefined
  for (let attempt = 0; ; attempt++) {
    const harness = new SourceHarness(makeSource(), env, 1 + below(4), snapshot)
    let kept = 0
    let keptMalformed = 0
    let steps = attempt < 6 ? below(40) : Number.POSITIVE_INFINITY
    while (!harness.isDone && steps-- > 0) {
      await harness.step(below, 1 + below(7))
      if (below(3) === 0) {
        snapshot = harness.snapshot()
        kept = harness.records.length
        keptMalformed = harness.malformed.length
      }
    }
    if (harness.isDone) {
      kept = harness.records.length
      keptMalformed = harness.malformed.length
    }
    records.push(...harness.records.slice(0, kept))
    malformed.push(...harness.malformed.slice(0, keptMalformed))
    harness.close()
    if (harness.isDone) return { records, malformed }
  }
}

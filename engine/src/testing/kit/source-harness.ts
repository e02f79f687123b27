import { ByteReader } from '../../base/byte-reader.ts'
import { ByteWriter } from '../../base/byte-writer.ts'
import { metricGroup } from '../../core/metrics.ts'
import type { Env } from '../../env/env.ts'
import { SharedResources } from '../../operator/resource/shared-resources.ts'
import type {
  ReaderOutput,
  Source,
  SourceReader,
  SplitEnumerator,
  SplitEnumeratorContext,
} from '../../operator/source/source.ts'
import { plainData } from '../../types/plain-data.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { contractViolation } from '../contract-violation.ts'
import { taskInfo } from './kit-task-info.ts'
import { Patience } from './patience.ts'

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

/** What happened in one subtask since the last snapshot, for {@link SourceHarness.failSubtask}. */
interface SinceSnapshot<Split> {
  /** The splits of the reader at the snapshot. */
  held: readonly Split[]
  /** Splits assigned since. */
  assigned: Split[]
}

/**
 * Drives the enumerator and the readers of a source through one execution attempt, one poll at a
 * time, as a job would: splits and states go through their serializers, a reader that waits is
 * polled only after it has asked to be woken.
 *
 * ```ts
 * const harness = new SourceHarness(collectionSource(['a', 'b']), new TestEnv(), 2)
 * await harness.runToEnd()
 * harness.records // => ['a', 'b']
 * ```
 */
export class SourceHarness<T, Split, State> {
  readonly records: T[] = []
  readonly timestamps: number[] = []
  readonly malformed: Malformed[] = []
  readonly readers: SourceReader<T, Split>[] = []
  readonly #source: Source<T, Split, State>
  readonly #env: Env
  readonly #parallelism: number
  readonly #enumerator: SplitEnumerator<Split, State>
  readonly #awake: boolean[] = []
  readonly #ended: boolean[] = []
  readonly #since: SinceSnapshot<Split>[] = []
  /** The subtask of each record. */
  readonly #subtaskOf: number[] = []
  readonly #patience: Patience
  readonly #resources = new SharedResources(() => {})
  #snapshotRecordCount = 0
  #error: unknown
  #failed = false

  /** @param restored the snapshot to start from; its splits are dealt to the readers in turn */
  constructor(
    source: Source<T, Split, State>,
    env: Env,
    parallelism: number,
    restored?: SourceSnapshot<Split, State>,
  ) {
    this.#source = source
    this.#env = env
    this.#parallelism = parallelism
    this.#patience = new Patience(env)
    this.#enumerator = source.createEnumerator(this.#enumeratorContext(), restored?.enumerator)
    for (let subtask = 0; subtask < parallelism; subtask++) {
      this.#awake.push(true)
      this.#ended.push(false)
      const own = restored?.splits.filter((_split, index) => index % parallelism === subtask)
      this.#since.push({ held: own ?? [], assigned: [] })
      this.readers.push(this.#newReader(subtask))
    }
    this.#enumerator.start()
    for (let subtask = 0; subtask < parallelism; subtask++) this.#startReader(subtask)
  }

  /** True if the source has no end of its own. */
  get isUnbounded(): boolean {
    return this.#source.boundedness === 'unbounded'
  }

  /** True when every reader has said `end`. */
  get isDone(): boolean {
    return this.#ended.every((ended) => ended)
  }

  /** True if a reader waits to be polled. */
  get hasWork(): boolean {
    return this.#ready().length > 0
  }

  /**
   * Polls one reader that is awake; waits if none is. Throws what made the source fail.
   * @throws CONTRACT_VIOLATION if no reader is woken for very long
   */
  async step(choose: (count: number) => number, maxRecords: number = 100): Promise<void> {
    if (this.#failed) throw this.#error
    const candidates = this.#ready()
    if (candidates.length > 0) {
      this.#patience.renew()
      this.poll(candidates[choose(candidates.length)] as number, maxRecords)
      return
    }
    await this.#patience.wait(
      `the source is stuck after ${this.records.length} records: every reader that has not ended ` +
        'returned `waiting` and none was woken. Call context.wakeUp() whenever a later poll would ' +
        'do more: splits have come, I/O is done, no more splits come; and answer every requestSplit()',
    )
    if (this.#failed) throw this.#error
  }

  /** Polls a reader, awake or not. */
  poll(subtask: number, maxRecords: number): 'more' | 'waiting' | 'end' {
    this.#awake[subtask] = false
    const before = this.records.length + this.malformed.length
    const status = this.#reader(subtask).poll(this.#output(subtask), maxRecords)
    const emitted = this.records.length + this.malformed.length - before
    if (emitted > maxRecords) {
      throw contractViolation(
        `poll(output, ${maxRecords}) emitted ${emitted} records; emit no more than asked for, or ` +
          'a barrier has to wait',
      )
    }
    if (status === 'more') this.#awake[subtask] = true
    if (status === 'end') this.#ended[subtask] = true
    return status
  }

  /** Runs until every reader has ended, and closes them. */
  async runToEnd(choose: (count: number) => number = () => 0): Promise<this> {
    let steps = 0
    while (!this.isDone) {
      if (++steps > 200_000) throw contractViolation('the source does not end')
      await this.step(choose)
    }
    this.close()
    return this
  }

  /** Draws a snapshot, in the form in which a checkpoint would give it back. */
  snapshot(checkpointId: number = 1): SourceSnapshot<Split, State> {
    const perReader = this.readers.map((reader) => reader.snapshotState(checkpointId))
    for (const [subtask, held] of perReader.entries()) {
      this.#since[subtask] = { held: this.#storedSplits(held), assigned: [] }
    }
    this.#snapshotRecordCount = this.records.length
    const { enumeratorStateType } = this.#source
    return {
      enumerator: throughSerializer(
        this.#enumerator.snapshotState(checkpointId),
        enumeratorStateType,
      ),
      splits: this.#storedSplits(perReader.flat()),
    }
  }

  /**
   * One subtask fails and starts again alone: what it emitted since the last snapshot is forgotten,
   * its splits of the snapshot are restored, and those assigned since go back to the enumerator.
   */
  failSubtask(subtask: number): void {
    const { held, assigned } = this.#since[subtask] as SinceSnapshot<Split>
    this.#reader(subtask).close()
    for (let i = this.records.length - 1; i >= this.#snapshotRecordCount; i--) {
      if (this.#subtaskOf[i] !== subtask) continue
      this.records.splice(i, 1)
      this.timestamps.splice(i, 1)
      this.#subtaskOf.splice(i, 1)
    }
    this.#since[subtask] = { held, assigned: [] }
    this.#enumerator.addSplitsBack(this.#storedSplits(assigned), subtask)
    this.readers[subtask] = this.#newReader(subtask)
    this.#awake[subtask] = true
    this.#ended[subtask] = false
    this.#startReader(subtask)
  }

  close(): void {
    for (const reader of this.readers) reader.close()
    this.#enumerator.close()
  }

  #enumeratorContext(): SplitEnumeratorContext<Split> {
    return {
      parallelism: this.#parallelism,
      env: this.#env,
      assignSplit: (split, subtask) => {
        const since = this.#since[subtask]
        if (since === undefined) {
          throw contractViolation(`a split was assigned to subtask ${subtask}, which is not there`)
        }
        since.assigned.push(...this.#storedSplits([split]))
        this.#reader(subtask).addSplits(this.#storedSplits([split]))
      },
      signalNoMoreSplits: (subtask) => this.#reader(subtask).notifyNoMoreSplits(),
      callAsync: (work, handle) => {
        const settle = (run: () => void): void => {
          try {
            run()
          } catch (thrown) {
            this.#fail(thrown)
          }
        }
        work().then(
          (result) => settle(() => handle(result, undefined)),
          (error) => settle(() => handle(undefined, error)),
        )
      },
    }
  }

  #newReader(subtask: number): SourceReader<T, Split> {
    // A reader that has failed must not wake or fail the one that took its place.
    const isPresent = (): boolean => this.readers[subtask] === reader || reader === undefined
    let reader: SourceReader<T, Split> | undefined
    reader = this.#source.createReader({
      task: taskInfo(subtask, this.#parallelism),
      env: this.#env,
      metrics: metricGroup(),
      acquire: (options) => this.#resources.acquire(taskInfo().jobId, options),
      requestSplit: () => this.#enumerator.handleSplitRequest(subtask),
      wakeUp: () => {
        if (isPresent()) this.#awake[subtask] = true
      },
      fail: (error) => {
        if (isPresent()) this.#fail(error)
      },
    })
    return reader
  }

  #startReader(subtask: number): void {
    this.#enumerator.addReader(subtask)
    const { held } = this.#since[subtask] as SinceSnapshot<Split>
    const reader = this.#reader(subtask)
    if (held.length > 0) reader.addSplits(this.#storedSplits(held))
    reader.start()
  }

  #output(subtask: number): ReaderOutput<T> {
    return {
      collect: (value, timestampMs) => {
        this.records.push(value)
        this.timestamps.push(timestampMs)
        this.#subtaskOf.push(subtask)
      },
      forSplit: () => {},
      releaseSplit: () => {},
      malformed: (record, origin, cause) => {
        this.malformed.push({ record, origin, cause })
      },
    }
  }

  #storedSplits(splits: readonly Split[]): Split[] {
    return splits.map((split) => throughSerializer(split, this.#source.splitType))
  }

  #reader(subtask: number): SourceReader<T, Split> {
    return this.readers[subtask] as SourceReader<T, Split>
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

/** The value as a checkpoint gives it back. */
export function throughSerializer<V>(value: V, type: TypeInformation<V> | undefined): V {
  const { serializer } = type ?? plainData<V>()
  const output = new ByteWriter()
  serializer.serialize(value, output)
  return serializer.deserialize(new ByteReader(output.toBytes()))
}

import { type MetricGroup, metricGroup } from '../../core/metrics.ts'
import type { Env } from '../../env/env.ts'
import {
  type ResourceLease,
  type ResourceOptions,
  SharedResources,
} from '../../operator/resource/shared-resources.ts'
import type { Committer, Sink, SinkWriter } from '../../operator/sink/sink.ts'
import { taskInfo } from './kit-task-info.ts'
import { Patience } from './patience.ts'
import { throughSerializer } from './source-harness.ts'

/**
 * A complete checkpoint of a sink: states of the writers, and what is not known to be committed.
 */
export interface SinkCheckpoint<Committable, State> {
  readonly checkpointId: number
  readonly states: readonly State[]
  readonly committables: readonly Committable[]
}

/** Options of {@link SinkHarness}. */
export interface SinkHarnessOptions<Committable, State> {
  readonly parallelism?: number
  readonly attempt?: number
  readonly restored?: SinkCheckpoint<Committable, State> | undefined
  /** True when the machine has lost power: whatever is waited for will not come. */
  readonly hasCrashed?: () => boolean
}

/** Thrown by the harness when the machine has lost power. */
export class MachineCrash extends Error {}

/**
 * Drives the writers and the committer of a sink through one execution attempt, checkpoint by
 * checkpoint, as a job would: committables and states go through their serializers.
 *
 * ```ts
 * const seen: string[] = []
 * const sink = collectSink<string>({ add: (word) => void seen.push(word) })
 * const harness = new SinkHarness(sink, new TestEnv())
 * harness.write('a')
 * await harness.checkpoint(1)
 * seen // => []
 * await harness.commit()
 * seen // => ['a']
 * ```
 */
export class SinkHarness<T, Committable, State> {
  readonly writers: SinkWriter<T, Committable, State>[] = []
  /** Per subtask: the last that was said. */
  readonly available: boolean[] = []
  readonly metrics: MetricGroup = metricGroup()
  readonly #sink: Sink<T, Committable, State>
  readonly #env: Env
  readonly #committer: Committer<Committable> | undefined
  readonly #hasCrashed: () => boolean
  #awaited: Promise<void>[] = []
  #uncommitted: readonly Committable[]
  #error: unknown
  #failed = false

  constructor(
    sink: Sink<T, Committable, State>,
    env: Env,
    options: SinkHarnessOptions<Committable, State> = {},
  ) {
    const { parallelism = 1, attempt = 0, restored } = options
    this.#sink = sink
    this.#env = env
    this.#hasCrashed = options.hasCrashed ?? (() => false)
    this.#uncommitted = this.#stored(restored?.committables ?? [])
    const states = (restored?.states ?? []).map((state) =>
      throughSerializer(state, sink.writerStateType),
    )
    const resources = new SharedResources(() => {})
    const acquire = <R>(options: ResourceOptions<R>): ResourceLease<R> =>
      resources.acquire(taskInfo().jobId, options)
    for (let subtask = 0; subtask < parallelism; subtask++) {
      this.available.push(true)
      const task = taskInfo(subtask, parallelism, attempt)
      const context = {
        task,
        env,
        metrics: this.metrics,
        acquire,
        restoredCheckpointId: restored?.checkpointId,
        execute: (run: () => void) => run(),
        awaitBeforeAcknowledge: (done: Promise<void>) => {
          done.catch(() => {})
          this.#awaited.push(done)
        },
        setAvailable: (available: boolean) => {
          this.available[subtask] = available
        },
        schedule: (atMs: number, run: () => void) => env.timers.schedule(atMs, run),
        fail: (error: unknown) => {
          if (!this.#failed) this.#error = error
          this.#failed = true
        },
      }
      const own = states.filter((_state, index) => index % parallelism === subtask)
      this.writers.push(sink.createWriter(context, own))
    }
    const task = taskInfo(0, parallelism, attempt)
    this.#committer = sink.createCommitter?.({ task, env, metrics: this.metrics, acquire })
  }

  /** What a snapshot would hold besides the states of the writers. */
  get uncommitted(): readonly Committable[] {
    return this.#uncommitted
  }

  write(value: T, subtask: number = 0, timestampMs: number = Number.NaN): void {
    this.#writer(subtask).write(value, timestampMs)
  }

  /** Waits until a writer takes records again. */
  async untilAvailable(subtask: number): Promise<void> {
    const patience = new Patience(this.#env)
    while (this.available[subtask] === false) {
      if (this.#failed) throw this.#error
      await patience.wait('a writer said setAvailable(false) and never setAvailable(true)')
    }
  }

  /** Takes a checkpoint up to its completion, without the commit. */
  async checkpoint(checkpointId: number): Promise<SinkCheckpoint<Committable, State>> {
    const states: State[] = []
    const fresh: Committable[] = []
    for (const writer of this.writers) {
      fresh.push(...writer.prepareCommit(checkpointId))
      states.push(...writer.snapshotState(checkpointId))
    }
    const awaited = this.#awaited
    this.#awaited = []
    // Drawn before the wait: later records must not change it.
    const committables = [...this.#uncommitted, ...fresh]
    const checkpoint = {
      checkpointId,
      states: states.map((state) => throughSerializer(state, this.#sink.writerStateType)),
      committables: this.#stored(committables),
    }
    await this.settle(Promise.all(awaited))
    this.#uncommitted = committables
    return checkpoint
  }

  /** Commits whatever completed checkpoints hold. */
  async commit(): Promise<void> {
    if (this.#uncommitted.length > 0) await this.commitAll(this.#uncommitted)
    this.#uncommitted = []
  }

  /** Commits these, whether they were committed before or not. */
  async commitAll(committables: readonly Committable[]): Promise<void> {
    await this.settle(this.#committer?.commit(committables) ?? Promise.resolve())
  }

  endInput(): void {
    for (const writer of this.writers) writer.endInput()
  }

  close(): void {
    for (const writer of this.writers) writer.close()
    this.#committer?.close()
  }

  /** Waits for a promise, a failure of the task or a loss of power. */
  async settle<R>(promise: Promise<R>): Promise<R> {
    const patience = new Patience(this.#env)
    let outcome: { value: R } | undefined
    let failure: { error: unknown } | undefined
    promise.then(
      (value) => {
        outcome = { value }
      },
      (error) => {
        failure = { error }
      },
    )
    for (;;) {
      await patience.wait('a promise of the sink (a commit, or I/O of a checkpoint) never settles')
      if (this.#hasCrashed()) throw new MachineCrash()
      if (this.#failed) throw this.#error
      if (failure !== undefined) throw failure.error
      if (outcome !== undefined) return outcome.value
    }
  }

  #stored(committables: readonly Committable[]): readonly Committable[] {
    return committables.map((each) => throughSerializer(each, this.#sink.committableType))
  }

  #writer(subtask: number): SinkWriter<T, Committable, State> {
    return this.writers[subtask] as SinkWriter<T, Committable, State>
  }
}

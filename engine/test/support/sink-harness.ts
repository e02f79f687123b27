/// <reference types="node" />
import { type MetricGroup, metricGroup } from '../../src/core/metrics.ts'
import type { Env } from '../../src/env/env.ts'
import type { Committer, Sink, SinkWriter } from '../../src/operator/sink/sink.ts'
import { taskInfo } from './task-info.ts'

/**
 * A complete checkpoint of a sink: states of the writers, and what is not known to be committed.
 */
export interface SinkCheckpoint<Committable, State> {
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

/** Drives the writers and the committer of a sink through one execution attempt. */
export class SinkHarness<T, Committable, State> {
  readonly writers: SinkWriter<T, Committable, State>[] = []
  /** Per subtask: the last that was said. */
  readonly available: boolean[] = []
  readonly metrics: MetricGroup = metricGroup()
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
    this.#hasCrashed = options.hasCrashed ?? (() => false)
    this.#uncommitted = structuredClone(restored?.committables ?? [])
    const states = structuredClone(restored?.states ?? [])
    for (let subtask = 0; subtask < parallelism; subtask++) {
      this.available.push(true)
      const task = taskInfo(subtask, parallelism, attempt)
      const context = {
        task,
        env,
        metrics: this.metrics,
        isRestored: restored !== undefined,
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
    this.#committer = sink.createCommitter?.({ task, env, metrics: this.metrics })
  }

  /** What a snapshot would hold besides the states of the writers. */
  get uncommitted(): readonly Committable[] {
    return this.#uncommitted
  }

  write(value: T, subtask: number = 0, timestampMs: number = Number.NaN): void {
    this.#writer(subtask).write(value, timestampMs)
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
    const checkpoint = structuredClone({ states, committables })
    await this.settle(Promise.all(awaited))
    this.#uncommitted = committables
    return checkpoint
  }

  /** Commits whatever completed checkpoints hold. */
  async commit(): Promise<void> {
    await this.settle(this.#committer?.commit(this.#uncommitted) ?? Promise.resolve())
    this.#uncommitted = []
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
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#hasCrashed()) throw new MachineCrash()
      if (this.#failed) throw this.#error
      if (failure !== undefined) throw failure.error
      if (outcome !== undefined) return outcome.value
    }
  }

  #writer(subtask: number): SinkWriter<T, Committable, State> {
    return this.writers[subtask] as SinkWriter<T, Committable, State>
  }
}

import type { Env } from '../../env/env.ts'
import type { Sink } from '../../operator/sink/sink.ts'
import { contractViolation } from '../contract-violation.ts'
import { checkExactlyOnce } from '../exactly-once-oracle.ts'
import { type SinkCheckpoint, SinkHarness } from './sink-harness.ts'

/** A sink under test, options complete. */
export interface SinkSubject<T, C, S, Target> {
  readonly makeTarget: (env: Env) => Target | Promise<Target>
  readonly makeSink: (target: Target) => Sink<T, C, S>
  readonly readCommitted: (target: Target, env: Env) => readonly T[] | Promise<readonly T[]>
  readonly records: readonly T[]
  readonly guarantee: 'exactly-once' | 'at-least-once'
  readonly lose: ((committable: C) => C) | undefined
  readonly makeEnv: (seed: number) => Env | Promise<Env>
  readonly idOf: ((record: T) => string) | undefined
}

/** How the present execution attempt ends. */
export type AttemptEnd = 'task fails' | 'process dies'

/**
 * A job of one sink over all its execution attempts: keeps the last complete checkpoint, and knows
 * how many records it covers.
 */
export class SinkRun<T, C, S, Target> {
  readonly env: Env
  readonly target: Target
  readonly #subject: SinkSubject<T, C, S, Target>
  #complete: SinkCheckpoint<C, S> | undefined
  #covered = 0
  #written = 0
  #checkpointId = 0
  #attempt = 0
  #parallelism = 1
  #harness!: SinkHarness<T, C, S>

  private constructor(subject: SinkSubject<T, C, S, Target>, env: Env, target: Target) {
    this.#subject = subject
    this.env = env
    this.target = target
  }

  /** Starts on an empty target. */
  static async start<T, C, S, Target>(
    subject: SinkSubject<T, C, S, Target>,
    seed: number,
    parallelism: number,
  ): Promise<SinkRun<T, C, S, Target>> {
    const env = await subject.makeEnv(seed)
    const run = new SinkRun(subject, env, await subject.makeTarget(env))
    run.#begin(parallelism)
    return run
  }

  get harness(): SinkHarness<T, C, S> {
    return this.#harness
  }

  get isWritten(): boolean {
    return this.#written === this.#subject.records.length
  }

  /** Writes the next records, to the subtasks in turn. */
  async write(count: number): Promise<void> {
    const { records } = this.#subject
    const end = Math.min(records.length, this.#written + count)
    for (; this.#written < end; this.#written++) {
      const subtask = this.#written % this.#parallelism
      await this.#harness.untilAvailable(subtask)
      this.#harness.write(records[this.#written] as T, subtask)
    }
  }

  /** Takes a checkpoint. One that does not complete is not restored from. */
  async checkpoint(completes: boolean = true): Promise<SinkCheckpoint<C, S>> {
    const written = this.#written
    const checkpoint = await this.#harness.checkpoint(++this.#checkpointId)
    if (completes) {
      this.#complete = checkpoint
      this.#covered = written
    }
    return checkpoint
  }

  /** Ends the attempt, and begins the next from the last complete checkpoint. */
  async restart(end: AttemptEnd, parallelism: number): Promise<void> {
    if (end === 'task fails') {
      this.#harness.close()
      this.#attempt++
    } else {
      // What is under way when a process dies either happens or not; here it does.
      for (let i = 0; i < 50; i++) await this.env.executor.yieldSlice()
      this.#attempt = 0 // a new process counts anew
    }
    this.#begin(parallelism)
    await this.#harness.commit()
  }

  /** Writes what is left, ends the input, and checks the target. */
  async finish(what: string): Promise<void> {
    const { records } = this.#subject
    await this.write(records.length)
    this.#harness.endInput()
    await this.checkpoint()
    await this.#harness.commit()
    this.#harness.close()
    await this.#harness.settle(Promise.resolve())
    await this.check(what)
  }

  /**
   * Checks what a reader sees: no record that may be taken back, none twice, and all that were
   * committed.
   */
  async check(what: string, committedCount: number = this.#covered): Promise<void> {
    const { records, idOf, guarantee } = this.#subject
    const seen = await this.#subject.readCommitted(this.target, this.env)
    const report = checkExactlyOnce({
      expected: records.slice(0, committedCount),
      committed: seen,
      ...(idOf === undefined ? {} : { idOf }),
    })
    const isRight = guarantee === 'exactly-once' ? report.isExact : report.counts.lost === 0
    if (!isRight) throw contractViolation(`the target is wrong ${what}: ${report.text}`)
  }

  /** Checks that a reader sees nothing that no complete checkpoint covers, and nothing twice. */
  async checkNothingEarly(what: string): Promise<void> {
    if (this.#subject.guarantee !== 'exactly-once') return
    const { records, idOf } = this.#subject
    const report = checkExactlyOnce({
      expected: records.slice(0, this.#covered),
      committed: await this.#subject.readCommitted(this.target, this.env),
      drained: false,
      ...(idOf === undefined ? {} : { idOf }),
    })
    if (!report.isExact) throw contractViolation(`the target is wrong ${what}: ${report.text}`)
  }

  #begin(parallelism: number): void {
    this.#parallelism = parallelism
    this.#written = this.#covered
    this.#harness = new SinkHarness(this.#subject.makeSink(this.target), this.env, {
      parallelism,
      attempt: this.#attempt,
      restored: this.#complete,
    })
  }
}

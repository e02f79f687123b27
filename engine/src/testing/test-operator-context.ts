import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { Accumulator } from '../core/accumulator.ts'
import { type MetricGroup, metricGroup } from '../core/metrics.ts'
import type { TaskInfo } from '../core/task-info.ts'
import type { OperatorContext, ProcessingTimeService } from '../operator/operator-context.ts'
import type { RecordErrorPolicy } from '../operator/record-error-policy.ts'
import {
  type ResourceLease,
  type ResourceOptions,
  SharedResources,
} from '../operator/resource/shared-resources.ts'
import type { KeyedStateBackend } from '../state/keyed-state-backend.ts'
import type { OperatorStateStore } from '../state/operator-state.ts'
import type { CapturedOutput } from './captured-output.ts'
import { contractViolation } from './contract-violation.ts'
import type { TestEnv } from './test-env.ts'

/** What a {@link TestOperatorContext} is made of. */
export interface TestOperatorContextOptions {
  readonly task: TaskInfo
  readonly output: CapturedOutput
  readonly env: TestEnv
  readonly restoredCheckpointId: number | undefined
  readonly recordErrorPolicy: RecordErrorPolicy
  readonly autoWatermarkIntervalMs: number
  readonly globalParameters: Readonly<Record<string, string>>
}

/** The state of the operator; made after the context, since its timers run in the mailbox. */
export interface TestOperatorState {
  /** Undefined for an operator on a stream that is not keyed. */
  readonly keyed: KeyedStateBackend | undefined
  readonly operator: OperatorStateStore
}

/**
 * The world of one operator under test: captured output, manual time, a mailbox that runs when the
 * test says so. After {@link TestOperatorContext.end} nothing of it has an effect any more, as
 * after the crash of a task.
 */
export class TestOperatorContext implements OperatorContext {
  readonly task: TaskInfo
  readonly output: CapturedOutput
  readonly env: TestEnv
  readonly metrics: MetricGroup = metricGroup()
  readonly restoredCheckpointId: number | undefined
  readonly recordErrorPolicy: RecordErrorPolicy
  readonly autoWatermarkIntervalMs: number
  readonly globalParameters: Readonly<Record<string, string>>
  readonly processingTime: ProcessingTimeService
  readonly accumulators: Map<string, Accumulator<never, unknown>> = new Map()
  /** The promises that hold back the end of the task. */
  readonly beforeFinish: Promise<void>[] = []
  /** What the operator warned of. */
  readonly warnings: string[] = []
  /** False while the operator refuses further batches. */
  available = true
  readonly #resources = new SharedResources((message) => this.warn(message))
  #state: TestOperatorState | undefined
  #mail: (() => void)[] = []
  #acknowledgements: Promise<void>[] | undefined
  readonly #timers = new Set<{ cancel(): void }>()
  #ended = false

  constructor(options: TestOperatorContextOptions) {
    this.task = options.task
    this.output = options.output
    this.env = options.env
    this.restoredCheckpointId = options.restoredCheckpointId
    this.recordErrorPolicy = options.recordErrorPolicy
    this.autoWatermarkIntervalMs = options.autoWatermarkIntervalMs
    this.globalParameters = options.globalParameters
    this.processingTime = {
      nowMs: () => this.env.clock.nowMs(),
      schedule: (atMs, run) => this.#schedule(atMs, run),
    }
  }

  /** Gives the operator its state; called once, before `setup`. */
  attachState(state: TestOperatorState): void {
    this.#state = state
  }

  get operatorState(): OperatorStateStore {
    return this.#attached().operator
  }

  get keyedState(): KeyedStateBackend {
    const keyed = this.#attached().keyed
    if (keyed !== undefined) return keyed
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `operator '${this.task.operatorName}' asks for keyed state, but its stream is not keyed; ` +
        'give the harness a `keyBy`',
    )
  }

  addAccumulator(name: string, accumulator: Accumulator<never, unknown>): void {
    this.accumulators.set(name, accumulator)
  }

  acquire<R>(options: ResourceOptions<R>): ResourceLease<R> {
    return this.#resources.acquire(this.task.jobId, options)
  }

  execute(run: () => void): void {
    if (!this.#ended) this.#mail.push(run)
  }

  awaitBeforeAcknowledge(done: Promise<void>): void {
    if (this.#acknowledgements === undefined) {
      throw contractViolation(
        'awaitBeforeAcknowledge was called outside of snapshotState; there is no checkpoint to wait',
      )
    }
    // Whoever waits sees the rejection; without this Node would end the process before.
    done.catch(() => {})
    this.#acknowledgements.push(done)
  }

  awaitBeforeFinish(done: Promise<void>): void {
    done.catch(() => {})
    this.beforeFinish.push(done)
  }

  warn(message: string): void {
    this.warnings.push(message)
  }

  setAvailable(available: boolean): void {
    if (!this.#ended) this.available = available
  }

  /** Runs `snapshot` as the time in which acknowledgements may be held back; returns those. */
  collectAcknowledgements(snapshot: () => void): readonly Promise<void>[] {
    const collected: Promise<void>[] = []
    this.#acknowledgements = collected
    try {
      snapshot()
    } finally {
      this.#acknowledgements = undefined
    }
    return collected
  }

  /** Runs all mail, also the mail it causes. Returns how many letters there were. */
  drainMailbox(): number {
    let count = 0
    while (this.#mail.length > 0) {
      const letters = this.#mail
      this.#mail = []
      for (const run of letters) {
        if (!this.#ended) run()
        count++
      }
    }
    return count
  }

  /** The task is over: cancels its timers and drops its mail. */
  end(): void {
    this.#ended = true
    this.#mail = []
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
    this.#state?.keyed?.dispose()
    this.output.closedBecause = 'its task has ended'
  }

  #schedule(atMs: number, run: (timestampMs: number) => void): { cancel(): void } {
    let canceled = false // a timer may be canceled while its mail waits
    const timer = this.env.timers.schedule(atMs, () => {
      this.#timers.delete(timer)
      this.execute(() => {
        if (!canceled) run(atMs)
      })
    })
    this.#timers.add(timer)
    return {
      cancel: () => {
        canceled = true
        this.#timers.delete(timer)
        timer.cancel()
      },
    }
  }

  #attached(): TestOperatorState {
    if (this.#state === undefined) throw contractViolation('state was asked for before `setup`')
    return this.#state
  }
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Accumulator } from '../../core/accumulator.ts'
import type { MetricGroup } from '../../core/metrics.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { Env } from '../../env/env.ts'
import type { OperatorContext, ProcessingTimeService } from '../../operator/operator-context.ts'
import type { Output } from '../../operator/output.ts'
import type { RecordErrorPolicy } from '../../operator/record-error-policy.ts'
import type { ResourceLease, ResourceOptions } from '../../operator/resource/shared-resources.ts'
import type { KeyedStateBackend } from '../../state/keyed-state-backend.ts'
import type { OperatorStateStore } from '../../state/operator-state.ts'

/** What the operators of a task share: the way back into its mailbox, and its options. */
export interface TaskServices {
  readonly env: Env
  readonly processingTime: ProcessingTimeService
  readonly recordErrorPolicy: RecordErrorPolicy
  readonly autoWatermarkIntervalMs: number
  readonly globalParameters: Readonly<Record<string, string>>
  execute(run: () => void): void
  awaitBeforeAcknowledge(done: Promise<void>): void
  awaitBeforeFinish(done: Promise<void>): void
  setAvailable(operator: TaskInfo, available: boolean): void
  addAccumulator(name: string, accumulator: Accumulator<never, unknown>): void
  warn(message: string): void
  acquire<R>(operator: TaskInfo, options: ResourceOptions<R>): ResourceLease<R>
}

/** The state of one operator in one subtask. */
export interface OperatorStates {
  readonly operatorState: OperatorStateStore
  /** Undefined if the operator is not keyed. */
  readonly keyedState: KeyedStateBackend | undefined
  readonly restoredCheckpointId: number | undefined
}

/** The context a task gives to one of its operators. */
export class TaskOperatorContext implements OperatorContext {
  readonly task: TaskInfo
  readonly output: Output<unknown>
  readonly metrics: MetricGroup
  readonly operatorState: OperatorStateStore
  readonly restoredCheckpointId: number | undefined
  readonly env: Env
  readonly processingTime: ProcessingTimeService
  readonly recordErrorPolicy: RecordErrorPolicy
  readonly autoWatermarkIntervalMs: number
  readonly globalParameters: Readonly<Record<string, string>>
  readonly #services: TaskServices
  readonly #keyedState: KeyedStateBackend | undefined
  readonly #leases: ResourceLease<unknown>[] = []

  constructor(
    task: TaskInfo,
    output: Output<unknown>,
    metrics: MetricGroup,
    states: OperatorStates,
    services: TaskServices,
  ) {
    this.task = task
    this.output = output
    this.metrics = metrics
    this.operatorState = states.operatorState
    this.#keyedState = states.keyedState
    this.restoredCheckpointId = states.restoredCheckpointId
    this.env = services.env
    this.processingTime = services.processingTime
    this.recordErrorPolicy = services.recordErrorPolicy
    this.autoWatermarkIntervalMs = services.autoWatermarkIntervalMs
    this.globalParameters = services.globalParameters
    this.#services = services
  }

  get keyedState(): KeyedStateBackend {
    if (this.#keyedState !== undefined) return this.#keyedState
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `operator '${this.task.operatorName}' uses keyed state or timers, but its input is not keyed; ` +
        'call keyBy() before it',
    )
  }

  addAccumulator(name: string, accumulator: Accumulator<never, unknown>): void {
    this.#services.addAccumulator(name, accumulator)
  }

  acquire<R>(options: ResourceOptions<R>): ResourceLease<R> {
    const lease = this.#services.acquire(this.task, options)
    this.#leases.push(lease)
    this.metrics.gauge('numOpenConnections', () =>
      this.#leases.reduce((sum, { openCount }) => sum + openCount, 0),
    )
    return lease
  }

  execute(run: () => void): void {
    this.#services.execute(run)
  }

  awaitBeforeAcknowledge(done: Promise<void>): void {
    this.#services.awaitBeforeAcknowledge(done)
  }

  awaitBeforeFinish(done: Promise<void>): void {
    this.#services.awaitBeforeFinish(done)
  }

  setAvailable(available: boolean): void {
    this.#services.setAvailable(this.task, available)
  }

  warn(message: string): void {
    const { operatorName, subtaskIndex } = this.task
    this.#services.warn(`operator '${operatorName}' (subtask ${subtaskIndex}): ${message}`)
  }
}

import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { Accumulator } from '../core/accumulator.ts'
import { keyGroupRangeOf } from '../core/key-group.ts'
import { RecordBatch } from '../core/record-batch.ts'
import { MIN_WATERMARK_MS } from '../core/stream-element.ts'
import type { Operator } from '../operator/operator.ts'
import type { RecordErrorPolicy } from '../operator/record-error-policy.ts'
import { redistribute } from '../state/state-redistribution.ts'
import type { StateSection } from '../state/state-section.ts'
import { CapturedOutput, type CapturedStreams } from './captured-output.ts'
import { contractViolation } from './contract-violation.ts'
import type { HarnessSnapshot } from './harness-snapshot.ts'
import { type InputRouting, subtaskOfKey } from './input-routing.ts'
import { openSubtaskState, type SubtaskState } from './subtask-state.ts'
import type { TestEnv } from './test-env.ts'
import { TestOperatorContext } from './test-operator-context.ts'
import { WatermarkInputs } from './watermark-inputs.ts'

/** An operator with any number of inputs, as the harness calls it. */
export interface OperatorUnderTest<O extends Operator> {
  readonly create: () => O
  readonly inputs: readonly InputRouting[]
  processBatch(operator: O, input: number, batch: RecordBatch<never>): void
  endInput(operator: O, input: number): void
}

/** What all subtasks share. */
export interface SubtasksOptions<O extends Operator> {
  readonly underTest: OperatorUnderTest<O>
  readonly env: TestEnv
  readonly streams: CapturedStreams
  readonly parallelism: number
  readonly maxParallelism: number
  readonly recordErrorPolicy: RecordErrorPolicy
  readonly autoWatermarkIntervalMs: number
  readonly globalParameters: Readonly<Record<string, string>>
  readonly operatorName: string
  /** Overwrites the arrays of a batch once `processBatch` has returned. */
  readonly overwriteInputs: boolean
}

interface Subtask<O> {
  readonly operator: O
  readonly context: TestOperatorContext
  readonly state: SubtaskState
}

/** Letters in one drain beyond which the operator is taken to go on for ever. */
const MAIL_MAX = 1_000_000

/** What a batch that was overwritten holds: whoever reads it kept the batch for too long. */
const OVERWRITTEN: object = Object.freeze({ overwritten: 'the batch was read after processBatch' })

/**
 * The subtasks of one operator: routes records by key group, combines watermarks, snapshots and
 * restores at any parallelism. Everything happens at once and in the order of the calls.
 */
export class OperatorSubtasks<O extends Operator> {
  readonly #options: SubtasksOptions<O>
  #subtasks: Subtask<O>[] = []
  #watermarks: WatermarkInputs
  /** False once records ran through several subtasks, whose order among each other is open. */
  keepsOrder = true
  #attempt = 0
  #nextRoundRobin = 0
  #finished = false
  #restoredCheckpointId: number | undefined

  constructor(options: SubtasksOptions<O>) {
    this.#options = options
    this.#watermarks = new WatermarkInputs(options.underTest.inputs.length)
    this.#start(options.parallelism, undefined)
  }

  get parallelism(): number {
    return this.#subtasks.length
  }

  /** False while a subtask refuses further input. */
  get available(): boolean {
    return this.#subtasks.every((subtask) => subtask.context.available)
  }

  /** True once any input has ended: from then on a fresh operator could not take its place. */
  get anyInputEnded(): boolean {
    return this.#watermarks.anyEnded
  }

  /** The combined watermark of the inputs. */
  get watermarkMs(): number {
    return this.#watermarks.combinedMs
  }

  get isIdle(): boolean {
    return this.#watermarks.idle
  }

  records(input: number, values: readonly unknown[], timestamps: readonly number[]): void {
    if (this.#watermarks.hasEnded(input)) throw afterEnd('records')
    const batches = new Map<Subtask<O>, RecordBatch<unknown>>()
    for (let i = 0; i < values.length; i++) {
      for (const subtask of this.#targets(input, values[i])) {
        let batch = batches.get(subtask)
        if (batch === undefined) {
          batch = new RecordBatch<unknown>(Math.max(1, values.length))
          batches.set(subtask, batch)
        }
        batch.add(values[i], timestamps[i] as number)
      }
    }
    for (const [subtask, batch] of batches) this.#processBatch(subtask, input, batch)
    this.drainMailbox()
  }

  watermark(input: number, timestampMs: number): void {
    const before = this.#watermarks.combinedMs
    this.#watermarks.watermark(input, timestampMs)
    this.#forwardEventTime(before, this.#watermarks.idle)
  }

  watermarkStatus(input: number, idle: boolean): void {
    const before = this.#watermarks.combinedMs
    const wasIdle = this.#watermarks.idle
    this.#watermarks.status(input, idle)
    this.#forwardEventTime(before, wasIdle)
  }

  /** Sends a watermark to the operators without asking whether it advances anything. */
  rawWatermark(timestampMs: number): void {
    for (const { operator } of this.#subtasks) operator.processWatermark(timestampMs)
    this.drainMailbox()
  }

  /** Sends a watermark status to the operators without asking whether it changes anything. */
  rawWatermarkStatus(idle: boolean): void {
    for (const { operator } of this.#subtasks) operator.processWatermarkStatus(idle)
    this.drainMailbox()
  }

  endInput(input: number): void {
    if (this.#watermarks.hasEnded(input)) throw afterEnd('a second end')
    const before = this.#watermarks.combinedMs
    const wasIdle = this.#watermarks.idle
    this.#watermarks.end(input)
    this.#forwardEventTime(before, wasIdle)
    for (const { operator } of this.#subtasks) {
      this.#options.underTest.endInput(operator, input)
    }
    this.drainMailbox()
  }

  advanceProcessingTime(toMs: number): void {
    this.#options.env.clock.advanceTo(toMs, () => this.drainMailbox())
    this.drainMailbox()
  }

  /**
   * Runs all mail of all subtasks, and the timers that are due at the present time, until nothing
   * is left. Returns how many letters there were.
   */
  drainMailbox(): number {
    const { clock } = this.#options.env
    let count = 0
    for (;;) {
      clock.advanceTo(clock.nowMs())
      let round = 0
      for (const { context } of this.#subtasks) round += context.drainMailbox()
      if (round === 0 && !this.#finishIfDone()) return count
      count += round
      if (count > MAIL_MAX) {
        throw contractViolation(
          `the operator does not come to rest: ${count} letters at ${clock.nowMs()} ms; does it ` +
            'schedule a timer at the present time from a timer?',
        )
      }
    }
  }

  /**
   * Draws a snapshot. The promises that hold back its acknowledgement are returned beside it; a
   * harness may wait for them.
   */
  snapshot(checkpointId: number): {
    readonly snapshot: HarnessSnapshot
    readonly acknowledgements: readonly Promise<void>[]
  } {
    const acknowledgements: Promise<void>[] = []
    const sections: (readonly StateSection[])[] = []
    this.#options.env.faultPoint('beforeBarrier')
    for (const { operator, context, state } of this.#subtasks) {
      acknowledgements.push(
        ...context.collectAcknowledgements(() => operator.snapshotState(checkpointId)),
      )
      sections.push(state.snapshot(checkpointId))
    }
    this.#options.env.faultPoint('afterSnapshotBeforeAck')
    this.drainMailbox()
    const { maxParallelism } = this.#options
    const snapshot = {
      checkpointId,
      parallelism: this.parallelism,
      maxParallelism,
      subtasks: sections,
    }
    return { snapshot, acknowledgements }
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.#options.env.faultPoint('afterAckBeforeNotify')
    for (const { operator } of this.#subtasks) operator.notifyCheckpointComplete(checkpointId)
    this.drainMailbox()
  }

  notifyCheckpointAborted(checkpointId: number): void {
    for (const { operator } of this.#subtasks) operator.notifyCheckpointAborted(checkpointId)
    this.drainMailbox()
  }

  /** Starts anew from a snapshot, or from nothing, as after a failure of the job. */
  restore(snapshot: HarnessSnapshot | undefined, parallelism: number): void {
    this.close()
    this.#attempt++
    this.#watermarks = new WatermarkInputs(this.#options.underTest.inputs.length)
    this.#start(parallelism, snapshot)
  }

  /**
   * Snapshots and goes on in fresh operators, to which the present watermark and status are told
   * again. The outside must not see a difference.
   */
  replaceOperators(checkpointId: number, parallelism: number): void {
    const { snapshot } = this.snapshot(checkpointId)
    this.close()
    this.#attempt++
    this.#start(parallelism, snapshot)
    if (this.#watermarks.idle) this.rawWatermarkStatus(true)
    if (this.#watermarks.combinedMs > MIN_WATERMARK_MS) {
      this.rawWatermark(this.#watermarks.combinedMs)
    }
  }

  /** The promises that hold back the end of the tasks. */
  get beforeFinish(): readonly Promise<void>[] {
    return this.#subtasks.flatMap(({ context }) => context.beforeFinish)
  }

  /** How many entries of keyed state and how many timers there are, over all subtasks. */
  get size(): { readonly entries: number; readonly timers: number } {
    let entries = 0
    let timers = 0
    for (const { state } of this.#subtasks) {
      entries += state.keyed?.size.entries ?? 0
      timers += state.keyed?.size.timers ?? 0
    }
    return { entries, timers }
  }

  /** The metrics of the present subtasks, summed by name. */
  get metrics(): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {}
    for (const { context } of this.#subtasks) {
      for (const [name, value] of Object.entries(context.metrics.snapshot())) {
        sums[name] = (sums[name] ?? 0) + value
      }
    }
    return sums
  }

  /** What the present subtasks warned of. */
  get warnings(): readonly string[] {
    return this.#subtasks.flatMap(({ context }) => context.warnings)
  }

  /** The accumulators of the present subtasks, merged by name. */
  get accumulators(): Readonly<Record<string, unknown>> {
    const merged = new Map<string, Accumulator<never, unknown>>()
    for (const { context } of this.#subtasks) {
      for (const [name, accumulator] of context.accumulators) {
        merged.set(name, merged.get(name)?.merge(accumulator) ?? accumulator)
      }
    }
    return Object.fromEntries([...merged].map(([name, { localValue }]) => [name, localValue]))
  }

  /** Closes the operators; nothing they still do has an effect. */
  close(): void {
    const subtasks = this.#subtasks
    this.#subtasks = []
    for (const { operator, context } of subtasks) {
      context.output.closedBecause = 'its task has ended'
      operator.close()
      context.end()
    }
  }

  /** Ends the operators once all inputs have ended and no work is pending; true if it did now. */
  #finishIfDone(): boolean {
    if (this.#finished) {
      for (const { context } of this.#subtasks) context.output.closedBecause = 'it has finished'
      return false
    }
    if (!this.#watermarks.allEnded || this.#subtasks.length === 0) return false
    if (this.#subtasks.some(({ operator }) => operator.hasPendingWork?.() === true)) return false
    for (const { operator } of this.#subtasks) operator.finish()
    this.#finished = true
    return true
  }

  #processBatch(subtask: Subtask<O>, input: number, batch: RecordBatch<unknown>): void {
    this.#options.underTest.processBatch(subtask.operator, input, batch as RecordBatch<never>)
    if (!this.#options.overwriteInputs) return
    batch.values.fill(OVERWRITTEN)
    batch.timestamps.fill(Number.MIN_SAFE_INTEGER)
    batch.clear()
  }

  #targets(input: number, value: unknown): readonly Subtask<O>[] {
    const routing = this.#options.underTest.inputs[input] as InputRouting
    const subtasks = this.#subtasks
    if (routing.kind === 'broadcast') return subtasks
    const { maxParallelism } = this.#options
    const index =
      routing.kind === 'keyed'
        ? subtaskOfKey(routing.keyBy(value as never), maxParallelism, subtasks.length)
        : this.#nextRoundRobin++ % subtasks.length
    return [subtasks[index] as Subtask<O>]
  }

  #forwardEventTime(beforeMs: number, wasIdle: boolean): void {
    const { combinedMs, idle } = this.#watermarks
    if (wasIdle && !idle) this.rawWatermarkStatus(false)
    if (combinedMs > beforeMs) this.rawWatermark(combinedMs)
    if (!wasIdle && idle) this.rawWatermarkStatus(true)
  }

  #start(parallelism: number, snapshot: HarnessSnapshot | undefined): void {
    const { maxParallelism } = this.#options
    if (!Number.isInteger(parallelism) || parallelism < 1 || parallelism > maxParallelism) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `parallelism ${parallelism} is not an integer from 1 to max parallelism ${maxParallelism}`,
      )
    }
    this.#finished = false
    this.#restoredCheckpointId = snapshot?.checkpointId
    if (parallelism > 1) this.keepsOrder = false
    this.#options.streams.resetSubtasks(parallelism)
    const sections =
      snapshot && redistribute(snapshot.subtasks, snapshot.maxParallelism, parallelism)
    for (let index = 0; index < parallelism; index++) {
      this.#subtasks.push(this.#startSubtask(index, parallelism, sections?.[index]))
    }
    for (const { context } of this.#subtasks) context.output.closedBecause = undefined
    this.drainMailbox()
  }

  #startSubtask(
    subtaskIndex: number,
    parallelism: number,
    restored: readonly StateSection[] | undefined,
  ): Subtask<O> {
    const { underTest, env, streams, maxParallelism, ...options } = this.#options
    const context = new TestOperatorContext({
      task: {
        jobId: 'harness',
        jobName: 'harness',
        operatorName: options.operatorName,
        operatorId: options.operatorName,
        subtaskIndex,
        parallelism,
        maxParallelism,
        attempt: this.#attempt,
      },
      output: new CapturedOutput(streams, subtaskIndex, env),
      env,
      restoredCheckpointId: this.#restoredCheckpointId,
      recordErrorPolicy: options.recordErrorPolicy,
      autoWatermarkIntervalMs: options.autoWatermarkIntervalMs,
      globalParameters: options.globalParameters,
    })
    const state = openSubtaskState({
      keyed: underTest.inputs.some((input) => input.kind === 'keyed'),
      keyGroupRange: keyGroupRangeOf(subtaskIndex, maxParallelism, parallelism),
      maxParallelism,
      processingTime: context.processingTime,
      restored,
    })
    context.attachState(state)
    const operator = underTest.create()
    operator.setup(context)
    operator.initializeState()
    operator.open()
    return { operator, context, state }
  }
}

function afterEnd(what: string): EngineError {
  return contractViolation(`${what} after the end of the input; nothing follows it`)
}

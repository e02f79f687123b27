import type { OutputTag } from '../core/output-tag.ts'
import { NO_TIMESTAMP, type RecordBatch } from '../core/record-batch.ts'
import type { Operator } from '../operator/operator.ts'
import { canonicalText } from './canonical-text.ts'
import type { CapturedElement, TimedRecord } from './captured-output.ts'
import type { HarnessSnapshot } from './harness-snapshot.ts'
import type { HarnessStep } from './harness-step.ts'
import type { Scenario } from './scenario.ts'
import { formatEvents } from './stream-dsl.ts'

/** Turns of the microtask queue that `settle` grants to promises before it looks for mail again. */
const SETTLE_TURNS = 64

/** The verbs and views that the harnesses of one-input and two-input operators share. */
export class HarnessBase<O extends Operator, OUT> {
  readonly #scenario: Scenario<O>
  #nextCheckpointId = 1
  #latest: HarnessSnapshot | undefined
  #closed = false

  constructor(scenario: Scenario<O>) {
    this.#scenario = scenario
  }

  /** Moves the clock to `toMs` (absolute) and fires the timers that are due on the way. */
  advanceProcessingTime(toMs: number): void {
    this.#scenario.apply({ kind: 'advanceProcessingTime', toMs })
  }

  /** What the clock shows, in milliseconds since 1970. */
  get processingTimeMs(): number {
    return this.#scenario.run.env.clock.nowMs()
  }

  /** Sends a barrier: `snapshotState` is called and the state is drawn. */
  barrier(checkpointId: number): HarnessSnapshot {
    this.#nextCheckpointId = Math.max(this.#nextCheckpointId, checkpointId + 1)
    this.#latest = this.#scenario.snapshot(checkpointId)
    return this.#latest
  }

  /** Sends a barrier with the next checkpoint id; restore from what it returns. */
  snapshot(): HarnessSnapshot {
    return this.barrier(this.#nextCheckpointId)
  }

  /** Tells the operators that a checkpoint is complete and durable. */
  notifyCheckpointComplete(checkpointId: number): void {
    this.#scenario.apply({ kind: 'notifyCheckpointComplete', checkpointId })
  }

  /** Tells the operators that a checkpoint will never complete. */
  notifyCheckpointAborted(checkpointId: number): void {
    this.#scenario.apply({ kind: 'notifyCheckpointAborted', checkpointId })
  }

  /**
   * Fails the operators and starts fresh ones from a snapshot, also one of another harness: the
   * latest by default, nothing if there was none. Event time starts anew; what was emitted stays.
   */
  restore(snapshot?: HarnessSnapshot, options: { readonly parallelism?: number } = {}): void {
    this.#startAnew(snapshot ?? this.#latest, options.parallelism)
  }

  /** Fails the operators and starts fresh ones without state: no checkpoint was ever complete. */
  restart(options: { readonly parallelism?: number } = {}): void {
    this.#startAnew(undefined, options.parallelism)
  }

  /** Snapshots and restores at another parallelism. Event time starts anew. */
  rescale(parallelism: number): void {
    this.restore(this.snapshot(), { parallelism })
  }

  /** Runs the mail that promises have sent since. Every verb does so too when it is done. */
  drainMailbox(): void {
    this.#scenario.apply({ kind: 'drainMailbox' })
  }

  /**
   * Gives promises time to resolve and runs the mail they send, until nothing happens any more. For
   * operators that work asynchronously; the other modes then follow only in `runInAllModes`.
   */
  async settle(): Promise<void> {
    this.#scenario.stopReplaying()
    for (;;) {
      const { subtasks } = this.#scenario.run
      for (let turn = 0; turn < SETTLE_TURNS; turn++) await Promise.resolve()
      const before = subtasks.drainMailbox()
      this.drainMailbox()
      if (before === 0) return
    }
  }

  /** Waits for everything that held back the acknowledgement of a snapshot; rejects as it does. */
  async acknowledged(): Promise<void> {
    const { run } = this.#scenario
    this.#scenario.stopReplaying()
    const pending = run.acknowledgements
    run.acknowledgements = []
    await Promise.all(pending)
  }

  /** Waits for everything that holds back the end of the task; rejects as it does. */
  async finished(): Promise<void> {
    this.#scenario.stopReplaying()
    await Promise.all(this.#scenario.run.subtasks.beforeFinish)
  }

  /**
   * Makes the next arrival at a fault point throw INJECTED_FAULT: `collect` (the next record the
   * operator emits), `beforeBarrier`, `afterSnapshotBeforeAck`, `afterAckBeforeNotify`, or any
   * point the operator itself names. The scenario is then run in the plain mode only.
   */
  failNext(point: string): void {
    this.#scenario.apply({ kind: 'failNext', point })
  }

  /** All records emitted so far. @throws CONTRACT_VIOLATION if a mode disagrees */
  get output(): readonly OUT[] {
    return this.outputWithTimestamps.map((record) => record.value)
  }

  /** All records emitted so far with their event times. */
  get outputWithTimestamps(): readonly TimedRecord<OUT>[] {
    this.verify()
    return this.#scenario.run.streams.records.map(
      ({ value, timestampMs }) => ({ value, timestampMs }) as TimedRecord<OUT>,
    )
  }

  /** Records, watermarks and statuses in the order in which they were emitted. */
  get elements(): readonly CapturedElement[] {
    this.verify()
    return [...this.#scenario.run.streams.elements]
  }

  /** The elements as text: `a@1 b@4 W3`, see `events`. */
  get timeline(): string {
    return formatEvents(this.elements, (value) =>
      typeof value === 'string' ? value : canonicalText(value),
    )
  }

  /** The records of a side output. */
  sideOutput<T>(tag: OutputTag<T>): readonly T[] {
    this.verify()
    const records = this.#scenario.run.streams.sideOutputs.get(tag.id) ?? []
    return records.map((record) => record.value as T)
  }

  /** The watermarks emitted, each higher than the one before; the minimum over all subtasks. */
  get watermarks(): readonly number[] {
    return [...this.#scenario.run.streams.watermarks]
  }

  /** How many timers are registered, over all subtasks. */
  get timers(): number {
    return this.#scenario.run.subtasks.size.timers
  }

  /** How many entries of keyed state there are, over all subtasks. */
  get stateEntries(): number {
    return this.#scenario.run.subtasks.size.entries
  }

  /** The metrics of the present subtasks, summed by name. */
  get metrics(): Readonly<Record<string, number>> {
    return this.#scenario.run.subtasks.metrics
  }

  /** What the present subtasks warned of. */
  get warnings(): readonly string[] {
    return this.#scenario.run.subtasks.warnings
  }

  /** The accumulators of the present subtasks, merged, by name. */
  get accumulators(): Readonly<Record<string, unknown>> {
    return this.#scenario.run.subtasks.accumulators
  }

  /** False while the operator refuses further input; what is sent then waits in line. */
  get isAvailable(): boolean {
    return !this.#scenario.run.blocked
  }

  /** Runs the scenario so far in all modes. @throws CONTRACT_VIOLATION if one disagrees */
  verify(): void {
    this.#scenario.verify()
  }

  /** @throws CONTRACT_VIOLATION if timers or state entries are left */
  verifyNothingLeft(): void {
    this.#scenario.verifyNothingLeft()
  }

  /** Closes the operators, once. The views stay readable. */
  close(): void {
    if (this.#closed) return
    this.verify()
    this.#closed = true
    this.#scenario.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #startAnew(token: HarnessSnapshot | undefined, parallelism: number | undefined): void {
    const present = this.#scenario.run.subtasks.parallelism
    this.#scenario.apply({ kind: 'restore', token, parallelism: parallelism ?? present })
  }

  protected apply(step: HarnessStep): void {
    this.#scenario.apply(step)
  }

  protected sendRecords(
    input: number,
    values: readonly unknown[],
    timestampMs: number = NO_TIMESTAMP,
  ): void {
    const timestamps = new Array<number>(values.length).fill(timestampMs)
    this.#scenario.apply({ kind: 'records', input, values: [...values], timestamps })
  }

  protected sendBatch(input: number, batch: RecordBatch<unknown>): void {
    this.#scenario.apply({
      kind: 'records',
      input,
      values: batch.values.slice(0, batch.length),
      timestamps: [...batch.timestamps.subarray(0, batch.length)],
    })
  }
}

import type { Accumulator } from '../../core/accumulator.ts'
import { type CheckpointBarrier, END_OF_INPUT } from '../../core/stream-element.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import type { Env } from '../../env/env.ts'
import type { SharedResources } from '../../operator/resource/shared-resources.ts'
import type { SourceOperator } from '../../operator/source/source-operator.ts'
import { type ExecutionState, executionTransition } from '../execution/execution-state.ts'
import type { InputGate } from '../network/input-gate.ts'
import type { CheckpointTrigger, TaskReport } from '../rpc/gateways.ts'
import type { BarrierHandlerFactory } from './barrier-handler.ts'
import { Mailbox } from './mailbox.ts'
import type { OperatorChain } from './operator-chain.ts'
import type { TaskCheckpoints } from './task-checkpoints.ts'
import { TaskInputs } from './task-inputs.ts'
import type { TaskServices } from './task-operator-context.ts'
import { taskServices } from './task-services.ts'

/** Batches a task processes before it lets others run. */
const BATCHES_PER_SLICE = 8

/** What came out of a slice. */
export type SliceOutcome = 'more' | 'idle' | 'blocked' | 'done'

/** Who is told of a task's life. */
export interface TaskListener {
  stateChanged(state: ExecutionState, error: unknown, report: TaskReport | undefined): void
  endOfData(): void
}

/** The parts of a task, made by the TaskManager once its state has been read. */
export interface TaskParts {
  readonly gate: InputGate
  /** True if no running task sends to this one: checkpoints are triggered here. */
  readonly beginsRegion: boolean
  readonly checkpoints: TaskCheckpoints
  readonly createBarrierHandler: BarrierHandlerFactory
  /** What the tasks of the TaskManager share. */
  readonly resources: SharedResources
  buildChain(services: TaskServices, task: Task): OperatorChain
  /** True if the whole vertex had ended before the snapshot that the job starts from. */
  readonly finishedOnRestore: boolean
  readonly options: Pick<
    TaskServices,
    'recordErrorPolicy' | 'autoWatermarkIntervalMs' | 'globalParameters' | 'warn'
  >
}

/**
 * A subtask in execution: a mailbox and a bounded slice. Everything that happens to a task happens
 * in its slice, one thing at a time: mails first, then batches, then a part of an open snapshot.
 *
 * A task that has processed all its input stays, to pass barriers on and to commit, until the job
 * ends it by {@link Task.finish}.
 */
export class Task {
  readonly mailbox: Mailbox
  readonly #env: Env
  readonly #listener: TaskListener
  #state: ExecutionState = 'DEPLOYING'
  #chain: OperatorChain | undefined
  #inputs: TaskInputs | undefined
  #checkpoints: TaskCheckpoints | undefined
  #services: ReturnType<typeof taskServices> | undefined
  #scheduled = false
  #sourceWaiting = false
  #endOfData = false
  /** All input has ended, but an operator has pending work: the end waits for it. */
  #endHeld = false
  readonly #unavailable = new Set<TaskInfo>()
  readonly #accumulators = new Map<string, Accumulator<never, unknown>>()
  #busyMs = 0

  constructor(env: Env, listener: TaskListener) {
    this.#env = env
    this.#listener = listener
    this.mailbox = new Mailbox(() => this.#schedule())
  }

  get state(): ExecutionState {
    return this.#state
  }

  /** Opens the operators and starts to run. Called once, with the restored state in the parts. */
  start(parts: TaskParts): void {
    this.#guard(() => {
      this.#to('INITIALIZING')
      const { gate, checkpoints, finishedOnRestore } = parts
      // What it would read now, from a source or a blocking result, was processed before.
      const hasEnded = finishedOnRestore && parts.beginsRegion
      const targets = {
        checkpoints,
        setAvailable: (operator: TaskInfo, available: boolean) =>
          this.#setAvailable(operator, available),
        addAccumulator: (name: string, accumulator: Accumulator<never, unknown>) =>
          void this.#accumulators.set(name, accumulator),
        resources: parts.resources,
      }
      this.#services = taskServices(this.#env, this.mailbox, parts.options, targets)
      this.#checkpoints = checkpoints
      const chain = parts.buildChain(this.#services, this)
      this.#chain = chain
      if (chain.source === undefined && !hasEnded) {
        const barriers = parts.createBarrierHandler(gate.channelCount)
        this.#inputs = new TaskInputs(gate, barriers, chain, this.#env.clock, finishedOnRestore, {
          snapshot: (barrier, alignmentStartMs) => this.#snapshot(barrier, alignmentStartMs),
          allEnded: () => this.#endData(),
          endHeld: () => {
            this.#endHeld = true
          },
        })
      }
      chain.open()
      gate.onReadable(() => this.#schedule())
      chain.onAvailable(() => this.#schedule())
      this.#to('RUNNING')
      if (hasEnded) this.#endAtOnce()
      this.#schedule()
    })
  }

  /** Asks the source for more records. */
  wakeSource(): void {
    this.#sourceWaiting = false
    this.#schedule()
  }

  /** Gives splits to the source. */
  addSplits(splits: readonly unknown[]): void {
    this.mailbox.put(() => {
      this.#chain?.source?.addSplits(splits)
      this.#sourceWaiting = false
    })
  }

  /** Tells the source that no further splits come. */
  signalNoMoreSplits(): void {
    this.mailbox.put(() => {
      this.#chain?.source?.notifyNoMoreSplits()
      this.#sourceWaiting = false
    })
  }

  /** Tells the source how far the slowest of the sources is that it aligns with. */
  alignWatermark(groupWatermarkMs: number): void {
    this.mailbox.put(() => {
      this.#chain?.source?.alignWatermark(groupWatermarkMs)
      this.#sourceWaiting = false
    })
  }

  /** Starts a checkpoint here: no barrier comes from another task. */
  triggerCheckpoint(trigger: CheckpointTrigger): void {
    this.mailbox.put(() => {
      this.#snapshot({ kind: 'barrier', ...trigger }, this.#env.clock.nowMs())
    })
  }

  notifyCheckpointComplete(checkpointId: number): void {
    this.mailbox.put(() => {
      for (const { operator } of this.#links()) operator.notifyCheckpointComplete(checkpointId)
    })
  }

  notifyCheckpointAborted(checkpointId: number): void {
    this.mailbox.put(() => {
      this.#checkpoints?.abort(checkpointId)
      this.#inputs?.abortCheckpoint(checkpointId)
      for (const { operator } of this.#links()) operator.notifyCheckpointAborted(checkpointId)
    })
  }

  /** Ends the task after the last checkpoint of the job, when its commits are done. */
  finish(): void {
    this.mailbox.put(() => {
      void this.#services?.beforeFinish().then(
        () => this.mailbox.put(() => this.#end('FINISHED', undefined)),
        (error) => this.fail(error),
      )
    })
  }

  /** Ends the task at once. Does nothing if it has ended. */
  cancel(): void {
    if (this.#isOver()) return
    this.#to('CANCELING')
    this.#end('CANCELED', undefined)
  }

  /** Ends the task with an error. Does nothing if it has ended. */
  fail(error: unknown): void {
    if (!this.#isOver()) this.#end('FAILED', error)
  }

  /** Metrics and accumulators as they are now. */
  report(): TaskReport {
    return {
      metrics: this.#links().map(({ node, task, metrics }) => ({
        operatorId: node.operatorId,
        operatorName: node.name,
        subtaskIndex: task.subtaskIndex,
        values: { ...metrics.snapshot(), busyTimeMs: this.#busyMs },
      })),
      accumulators: new Map(this.#accumulators),
      keyGroups: this.#chain?.keyGroups ?? [],
    }
  }

  /**
   * Runs the task for a bounded while. Called by itself through the executor; the harness calls it
   * by hand.
   */
  runSlice(): SliceOutcome {
    this.#scheduled = false
    if (this.#state !== 'RUNNING') return 'done'
    const startMs = this.#env.clock.monotonicMs()
    const outcome = this.#guardedSlice()
    this.#busyMs += this.#env.clock.monotonicMs() - startMs
    if (outcome === 'more' && !this.#isOver()) this.#schedule()
    return this.#isOver() ? 'done' : outcome
  }

  #guardedSlice(): SliceOutcome {
    try {
      return this.#slice()
    } catch (error) {
      this.fail(error)
      return 'done'
    }
  }

  #slice(): SliceOutcome {
    const chain = this.#chain as OperatorChain
    if (this.mailbox.drain() > 0) {
      if (this.#isOver()) return 'done'
      chain.flush()
      if (this.#endHeld && chain.advanceEnd()) this.#endData()
    }
    const outcome = this.#processBatches(chain)
    if (this.#isOver()) return 'done'
    this.#checkpoints?.advance()
    chain.flushExchanges()
    const more = outcome === 'more' || this.#checkpoints?.isSerializing || !this.mailbox.isEmpty
    return more ? 'more' : outcome
  }

  #processBatches(chain: OperatorChain): SliceOutcome {
    for (let i = 0; i < BATCHES_PER_SLICE; i++) {
      if (this.#unavailable.size > 0 || !chain.isAvailable) return 'blocked'
      if (!this.mailbox.isEmpty) return 'more'
      if (chain.source === undefined) {
        if (this.#inputs?.processNext() !== true) return 'idle'
      } else {
        if (this.#sourceWaiting || this.#endHeld || this.#endOfData) return 'idle'
        // A wake-up that comes while the source is polled must not be lost: mark first.
        this.#sourceWaiting = true
        const outcome = chain.source.poll(chain.batchLimit)
        if (outcome === 'end') this.#endSource(chain.source)
        if (outcome === 'more') this.#sourceWaiting = false
      }
    }
    return 'more'
  }

  #snapshot(barrier: CheckpointBarrier, alignmentStartMs: number): void {
    if (this.#chain?.source === undefined) this.#env.faultPoint('afterAlign')
    this.#checkpoints?.begin(
      this.#chain as OperatorChain,
      barrier,
      alignmentStartMs,
      this.#endOfData,
    )
  }

  #endSource(source: SourceOperator<unknown, unknown>): void {
    source.endOfRecords()
    if (this.#chain?.endInput(0, true) === true) this.#endData()
    else this.#endHeld = true
  }

  /** What had ended before the snapshot is not ended again. */
  #endAtOnce(): void {
    this.#chain?.source?.endOfRecords()
    this.#endData()
  }

  #endData(): void {
    this.#endHeld = false
    this.#endOfData = true
    for (const partition of (this.#chain as OperatorChain).partitions) {
      partition.broadcast(END_OF_INPUT)
    }
    this.#listener.endOfData()
  }

  #setAvailable(operator: TaskInfo, available: boolean): void {
    if (!available) {
      this.#unavailable.add(operator)
    } else if (this.#unavailable.delete(operator)) {
      this.#schedule()
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#state !== 'RUNNING') return
    this.#scheduled = true
    this.#env.executor.post(() => this.runSlice())
  }

  #guard(run: () => void): void {
    try {
      run()
    } catch (error) {
      this.fail(error)
    }
  }

  #end(state: 'FINISHED' | 'CANCELED' | 'FAILED', error: unknown): void {
    const report = this.report()
    this.mailbox.close()
    this.#checkpoints?.close()
    const closeError = this.#chain?.close()
    // Last: functions may use their resources until they are closed.
    this.#services?.close()
    if (state === 'FINISHED' && closeError !== undefined) {
      this.#to('FAILED')
      this.#listener.stateChanged('FAILED', closeError, report)
      return
    }
    this.#to(state)
    this.#listener.stateChanged(state, error, report)
  }

  #to(state: ExecutionState): void {
    this.#state = executionTransition(this.#state, state)
    if (state === 'INITIALIZING' || state === 'RUNNING') {
      this.#listener.stateChanged(state, undefined, undefined)
    }
  }

  #isOver(): boolean {
    return this.#state === 'FINISHED' || this.#state === 'CANCELED' || this.#state === 'FAILED'
  }

  #links(): OperatorChain['links'] {
    return this.#chain?.links ?? []
  }
}

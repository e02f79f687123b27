import type { RecordBatch } from '../../core/record-batch.ts'
import type { CheckpointBarrier, StreamElement } from '../../core/stream-element.ts'
import type { Clock } from '../../env/clock.ts'
import { MinimumWatermarkMerger } from '../../operator/time/watermark-merger.ts'
import type { InputGate } from '../network/input-gate.ts'
import type { BarrierDecision, BarrierHandler } from './barrier-handler.ts'
import type { ElementConsumer } from './chain-output.ts'
import type { OperatorChain } from './operator-chain.ts'

/** What the inputs of a task ask it to do. */
export interface TaskInputsTarget {
  /** The barrier has come on every channel. */
  snapshot(barrier: CheckpointBarrier, alignmentStartMs: number): void
  /** Every channel has ended, and so has the chain. */
  allEnded(): void
  /** Every channel has ended; the chain has pending work first. */
  endHeld(): void
}

/**
 * The inputs of a task that is not a source: takes elements off the gate, merges watermarks over
 * the channels, aligns barriers, and feeds the chain. What the chain collects is fed to it when all
 * channels have ended; event time stands still until then.
 */
export class TaskInputs {
  readonly #gate: InputGate
  readonly #chain: OperatorChain
  readonly #clock: Clock
  readonly #target: TaskInputsTarget
  readonly #merger: MinimumWatermarkMerger
  readonly #barriers: BarrierHandler
  readonly #ended: boolean[]
  readonly #finishedOnRestore: boolean
  #idle = false
  /** True while collected records are fed, and no channel is read. */
  #isFeeding = false
  /** The watermark that waits for the collected records. */
  #heldWatermarkMs: number | undefined

  /**
   * @param finishedOnRestore true if the chain had ended before the snapshot: it is not ended again
   */
  constructor(
    gate: InputGate,
    barriers: BarrierHandler,
    chain: OperatorChain,
    clock: Clock,
    finishedOnRestore: boolean,
    target: TaskInputsTarget,
  ) {
    this.#finishedOnRestore = finishedOnRestore
    this.#gate = gate
    this.#chain = chain
    this.#clock = clock
    this.#target = target
    this.#merger = new MinimumWatermarkMerger(gate.channelCount)
    this.#barriers = barriers
    this.#ended = new Array(gate.channelCount).fill(false)
  }

  /** Processes one element. @returns false if there is none to be read now */
  processNext(): boolean {
    if (this.#isFeeding) {
      if (this.#chain.collected?.feed() !== true) this.#allFed()
      return true
    }
    const element = this.#gate.poll()
    if (element === undefined) return false
    if (element.kind === 'records') {
      this.#processRecords(element, this.#gate.inputIndexOf(this.#gate.lastChannel))
      this.#gate.recycle(element)
    } else {
      this.#processControl(element, this.#gate.lastChannel)
    }
    return true
  }

  /** The coordinator gave a checkpoint up: read on. */
  abortCheckpoint(checkpointId: number): void {
    this.#carryOut(this.#barriers.onAborted(checkpointId), 0)
  }

  #processRecords(batch: RecordBatch, inputIndex: 0 | 1): void {
    const { collected, head, second } = this.#chain
    if (collected?.collects(inputIndex) === true) {
      collected.add(inputIndex, batch)
      return
    }
    const input = (inputIndex === 1 ? second : head) as ElementConsumer
    input.batch(batch)
  }

  #processControl(element: Exclude<StreamElement, { kind: 'records' }>, channel: number): void {
    switch (element.kind) {
      case 'watermark':
        this.#advance(this.#merger.onWatermark(channel, element.timestampMs))
        return
      case 'watermark-status':
        this.#advance(element.idle ? this.#merger.onIdle(channel) : this.#merger.onActive(channel))
        return
      case 'barrier':
        this.#carryOut(this.#barriers.onBarrier(channel, element, this.#clock.nowMs()), channel)
        return
      case 'end':
        this.#endChannel(channel)
    }
  }

  #advance(watermarkMs: number | undefined): void {
    if (this.#chain.collected !== undefined) {
      this.#heldWatermarkMs = watermarkMs ?? this.#heldWatermarkMs
      return
    }
    const head = this.#chain.head as ElementConsumer
    const idle = this.#merger.allIdle
    if (this.#idle && !idle) head.watermarkStatus(false)
    if (watermarkMs !== undefined) head.watermark(watermarkMs)
    if (idle && !this.#idle) head.watermarkStatus(true)
    this.#idle = idle
  }

  #carryOut(decision: BarrierDecision, channel: number): void {
    switch (decision.kind) {
      case 'ignore':
        return
      case 'block':
        this.#gate.block(channel)
        return
      case 'snapshot':
        this.#gate.unblockAll()
        this.#target.snapshot(decision.barrier, decision.startedMs)
        return
      case 'restart-alignment':
        this.#gate.unblockAll()
        this.#gate.block(channel)
        return
      case 'unblock':
        this.#gate.unblockAll()
    }
  }

  #endChannel(channel: number): void {
    if (this.#ended[channel] === true) return
    this.#ended[channel] = true
    this.#advance(this.#merger.onFinished(channel))
    const inputIndex = this.#gate.inputIndexOf(channel)
    const inputEnded = this.#ended.every(
      (ended, other) => ended || this.#gate.inputIndexOf(other) !== inputIndex,
    )
    if (!inputEnded) return
    const last = this.#ended.every((ended) => ended)
    const { collected } = this.#chain
    if (collected?.collects(inputIndex) !== true) this.#endInput(inputIndex, last && !collected)
    if (!last || collected === undefined) return
    collected.sort()
    this.#isFeeding = true
  }

  #allFed(): void {
    this.#isFeeding = false
    const { collected, head, second } = this.#chain
    if (this.#heldWatermarkMs !== undefined) head?.watermark(this.#heldWatermarkMs)
    const hasSecond = second !== undefined && collected?.collects(1) === true
    this.#endInput(0, !hasSecond)
    if (hasSecond) this.#endInput(1, true)
  }

  #endInput(inputIndex: 0 | 1, last: boolean): void {
    const ended = this.#finishedOnRestore || this.#chain.endInput(inputIndex, last)
    if (!last) return
    if (ended) this.#target.allEnded()
    else this.#target.endHeld()
  }
}

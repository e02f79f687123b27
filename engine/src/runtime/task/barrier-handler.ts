import type { CheckpointBarrier } from '../../core/stream-element.ts'

/** What the task does after a barrier or an abort. */
export type BarrierDecision =
  /** Nothing: the barrier belongs to a checkpoint that is over. */
  | { readonly kind: 'ignore' }
  /** Leave this channel alone until the barrier has come on all others. */
  | { readonly kind: 'block' }
  /** The barrier has come on every channel: snapshot, and go on reading all channels. */
  | { readonly kind: 'snapshot'; readonly barrier: CheckpointBarrier; readonly startedMs: number }
  /**
   * A newer checkpoint began before the one in alignment was complete: the older will never be;
   * read all channels again, except the one that the newer barrier came on.
   */
  | { readonly kind: 'restart-alignment'; readonly aborted: number }
  /** The checkpoint in alignment was given up: read all channels again. */
  | { readonly kind: 'unblock' }

/** Decides what barriers mean for a task. A pure state machine; the task carries out. */
export interface BarrierHandler {
  onBarrier(channel: number, barrier: CheckpointBarrier, nowMs: number): BarrierDecision
  /** The coordinator gave a checkpoint up. */
  onAborted(checkpointId: number): BarrierDecision
}

/** Makes the barrier handler of a task with so many input channels. */
export type BarrierHandlerFactory = (channelCount: number) => BarrierHandler

const ignore: BarrierDecision = { kind: 'ignore' }

/**
 * Exactly-once: a channel whose barrier came is not read until the barrier has come on every
 * channel, so that no record from behind the barrier gets into the snapshot.
 *
 * Source: Carbone et al., Lightweight Asynchronous Snapshots for Distributed Dataflows (2015).
 *
 * ```ts
 * const handler = new AlignedBarrierHandler(2)
 * const barrier = {
 *   kind: 'barrier',
 *   checkpointId: 1,
 *   triggeredMs: 0,
 *   purpose: 'checkpoint',
 * } as const
 * handler.onBarrier(0, barrier, 10).kind // => 'block'
 * handler.onBarrier(1, barrier, 12).kind // => 'snapshot'
 * ```
 */
export class AlignedBarrierHandler implements BarrierHandler {
  readonly #channelCount: number
  readonly #arrived: boolean[]
  #arrivedCount = 0
  /** The checkpoint in alignment, or the last one that was over. */
  #checkpointId = 0
  #aligning = false
  #startedMs = 0

  constructor(channelCount: number) {
    this.#channelCount = channelCount
    this.#arrived = new Array(channelCount).fill(false)
  }

  onBarrier(channel: number, barrier: CheckpointBarrier, nowMs: number): BarrierDecision {
    const id = barrier.checkpointId
    if (id < this.#checkpointId || (id === this.#checkpointId && !this.#aligning)) return ignore
    const aborted = this.#aligning && id > this.#checkpointId ? this.#checkpointId : undefined
    if (id > this.#checkpointId) this.#begin(id, nowMs)
    if (this.#arrived[channel] !== true) {
      this.#arrived[channel] = true
      this.#arrivedCount++
    }
    if (this.#arrivedCount === this.#channelCount) {
      this.#aligning = false
      return { kind: 'snapshot', barrier, startedMs: this.#startedMs }
    }
    return aborted === undefined ? { kind: 'block' } : { kind: 'restart-alignment', aborted }
  }

  onAborted(checkpointId: number): BarrierDecision {
    if (checkpointId < this.#checkpointId) return ignore
    const wasAligning = this.#aligning && checkpointId === this.#checkpointId
    this.#checkpointId = checkpointId
    if (!wasAligning) {
      if (this.#aligning) this.#aligning = false
      else return ignore
    }
    this.#aligning = false
    return { kind: 'unblock' }
  }

  #begin(checkpointId: number, nowMs: number): void {
    this.#checkpointId = checkpointId
    this.#aligning = true
    this.#startedMs = nowMs
    this.#arrived.fill(false)
    this.#arrivedCount = 0
  }
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { MAX_WATERMARK_MS } from '../../core/stream-element.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import { FeedbackChannel } from './feedback-channel.ts'

/** Watermarks from here on are probes: no event time is that late. */
export const FIRST_PROBE_MS: number = MAX_WATERMARK_MS - 2 ** 40

/** The head of a loop in one subtask, as the loop sees it. */
export interface LoopHead {
  /** Sends the probe round behind everything that the head has to send. */
  probe(timestampMs: number): void
  /** Nothing comes round any more. */
  end(): void
}

/**
 * One loop in one execution attempt, all subtasks of its head and tail.
 *
 * It finds out when a loop over bounded input has come to rest. Once the input of all heads has
 * ended they send a probe round: a watermark, so that it passes every operator of the body behind
 * the records before it, on all ways. When it has come to all tails, and no record was sent back
 * since it set out, there is none left in the loop. Otherwise another probe goes round.
 */
export class FeedbackLoop<T> {
  readonly #channels: readonly FeedbackChannel<T>[]
  readonly #heads = new Map<number, LoopHead>()
  readonly #probes: number[]
  #probe = FIRST_PROBE_MS - 1
  #sentBefore = 0

  constructor(parallelism: number) {
    this.#channels = Array.from({ length: parallelism }, () => new FeedbackChannel<T>())
    this.#probes = this.#channels.map(() => 0)
  }

  /** @throws INVALID_PROGRAM if head and tail have different parallelism */
  channel(task: TaskInfo): FeedbackChannel<T> {
    const channel = this.#channels[task.subtaskIndex]
    if (channel !== undefined && task.parallelism === this.#channels.length) return channel
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `head and tail of an iteration have parallelism ${task.parallelism} and ` +
        `${this.#channels.length}; set the parallelism of iterate() before closeWith(...)`,
    )
  }

  /** The input of a head has ended. */
  inputEnded(subtaskIndex: number, head: LoopHead): void {
    this.#heads.set(subtaskIndex, head)
    if (this.#heads.size === this.#channels.length) this.#sendProbe()
  }

  /** A probe has come to a tail. */
  probeArrived(subtaskIndex: number, timestampMs: number): void {
    this.#probes[subtaskIndex] = timestampMs
    if (this.#probes.some((probe) => probe < this.#probe)) return
    const isQuiet = this.#sent === this.#sentBefore && this.#channels.every((one) => one.isEmpty)
    if (!isQuiet) this.#sendProbe()
    else for (const head of this.#heads.values()) head.end()
  }

  #sendProbe(): void {
    this.#probe++
    this.#sentBefore = this.#sent
    for (const head of this.#heads.values()) head.probe(this.#probe)
  }

  get #sent(): number {
    return this.#channels.reduce((sum, channel) => sum + channel.sent, 0)
  }
}

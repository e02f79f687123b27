import { assert } from '../../base/engine-error.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'

/**
 * Combines the watermarks of the channels of a task. Each method returns the combined watermark if
 * the call advanced it, and undefined otherwise.
 *
 * The laws: the combined watermark never goes back. It is the lowest watermark of the channels that
 * count. An idle channel does not count. A channel that becomes active again counts once its own
 * watermark has caught up with the combined one, so that it cannot hold back what is ahead of it.
 * A finished channel holds nothing back. When every channel that has not finished is idle, the
 * combined watermark is the highest ever seen on any channel: nobody is left to wait for. It is
 * {@link MAX_WATERMARK_MS} only once every channel has finished (or sent that watermark).
 */
export interface WatermarkMerger {
  onWatermark(channel: number, timestampMs: number): number | undefined
  onIdle(channel: number): number | undefined
  onActive(channel: number): number | undefined
  /** The channel has ended. */
  onFinished(channel: number): number | undefined
  /** True if there are channels that have not finished and all of them are idle. */
  readonly allIdle: boolean
}

interface ChannelState {
  /** The last watermark before {@link MAX_WATERMARK_MS}. */
  watermarkMs: number
  status: 'active' | 'idle' | 'finished'
  /** False from becoming active again until the watermark has reached the combined one. */
  caughtUp: boolean
}

/**
 * The merger that tasks use.
 *
 * ```ts
 * const merger = new MinimumWatermarkMerger(2)
 * merger.onWatermark(0, 9) // => undefined
 * merger.onWatermark(1, 5) // => 5
 * merger.onFinished(1) // => 9
 * ```
 */
export class MinimumWatermarkMerger implements WatermarkMerger {
  readonly #channels: readonly ChannelState[]
  #combinedMs: number = MIN_WATERMARK_MS
  #unfinishedCount: number
  #idleCount = 0

  /** @param channelCount how many channels there are, at least 1 */
  constructor(channelCount: number) {
    assert(channelCount > 0, 'a watermark merger needs at least one channel')
    this.#unfinishedCount = channelCount
    this.#channels = Array.from({ length: channelCount }, () => ({
      watermarkMs: MIN_WATERMARK_MS,
      status: 'active',
      caughtUp: true,
    }))
  }

  get allIdle(): boolean {
    return this.#unfinishedCount > 0 && this.#idleCount === this.#unfinishedCount
  }

  onWatermark(channel: number, timestampMs: number): number | undefined {
    if (timestampMs >= MAX_WATERMARK_MS) return this.onFinished(channel)
    const state = this.#stateOf(channel)
    // A late word of an idle channel says nothing: its next status tells where it stands.
    if (state.status !== 'active' || timestampMs <= state.watermarkMs) return undefined
    const heldBack = state.watermarkMs <= this.#combinedMs
    state.watermarkMs = timestampMs
    // Only a channel that stood at the combined watermark, or was behind it, can move it.
    if (!heldBack) return undefined
    if (timestampMs >= this.#combinedMs) state.caughtUp = true
    return this.#combine()
  }

  onIdle(channel: number): number | undefined {
    const state = this.#stateOf(channel)
    if (state.status !== 'active') return undefined
    state.status = 'idle'
    this.#idleCount++
    return this.#combine()
  }

  onActive(channel: number): number | undefined {
    const state = this.#stateOf(channel)
    if (state.status !== 'idle') return undefined
    state.status = 'active'
    this.#idleCount--
    state.caughtUp = state.watermarkMs >= this.#combinedMs
    return this.#combine()
  }

  onFinished(channel: number): number | undefined {
    const state = this.#stateOf(channel)
    if (state.status === 'finished') return undefined
    if (state.status === 'idle') this.#idleCount--
    state.status = 'finished'
    this.#unfinishedCount--
    return this.#combine()
  }

  #combine(): number | undefined {
    const candidateMs = this.#candidate()
    if (candidateMs <= this.#combinedMs) return undefined
    this.#combinedMs = candidateMs
    return candidateMs
  }

  /** The combined watermark by the laws; too low if no channel counts at present. */
  #candidate(): number {
    if (this.#unfinishedCount === 0) return MAX_WATERMARK_MS
    if (this.#idleCount === this.#unfinishedCount) {
      let highestMs = MIN_WATERMARK_MS
      for (const state of this.#channels) highestMs = Math.max(highestMs, state.watermarkMs)
      return highestMs
    }
    let lowestMs = MAX_WATERMARK_MS
    for (const state of this.#channels) {
      if (state.status !== 'active' || !state.caughtUp) continue
      if (state.watermarkMs < lowestMs) lowestMs = state.watermarkMs
    }
    return lowestMs === MAX_WATERMARK_MS ? MIN_WATERMARK_MS : lowestMs
  }

  #stateOf(channel: number): ChannelState {
    const state = this.#channels[channel]
    assert(state !== undefined, `there is no channel ${channel}`)
    return state
  }
}

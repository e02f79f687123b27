import { MAX_WATERMARK_MS, type StreamElement } from '../../core/stream-element.ts'

/**
 * Which channels of a task have a place in event time, and who of them is behind. The place of a
 * channel is its last watermark, or the time of its last record if that is later: watermarks come a
 * few times a second, and seconds of event time may lie between two of them.
 *
 * A channel has a place from a watermark on until it is idle, ends, or has sent the watermark that
 * closes event time. Records alone give it none: without watermarks no operator waits for any.
 *
 * ```ts
 * const order = new ChannelOrder(3)
 * order.taken(2, { kind: 'watermark', timestampMs: 9 })
 * order.taken(0, { kind: 'watermark', timestampMs: 5 })
 * order.behindFirst // => [0, 2]
 * order.hasPlace(1) // => false
 * ```
 */
export class ChannelOrder {
  /** The channels that have a place, those behind first; among equals the one not read longest. */
  readonly behindFirst: readonly number[]
  /** The same array, to be changed. */
  readonly #ordered: number[] = []
  readonly #watermarksMs: number[]
  /** Where each channel is; `-Infinity` for one that has no place. */
  readonly #placesMs: number[]

  constructor(channelCount: number) {
    this.behindFirst = this.#ordered
    this.#watermarksMs = new Array(channelCount).fill(Number.NEGATIVE_INFINITY)
    this.#placesMs = new Array(channelCount).fill(Number.NEGATIVE_INFINITY)
  }

  hasPlace(channel: number): boolean {
    return this.#placesMs[channel] !== Number.NEGATIVE_INFINITY
  }

  /** Called with each element that was taken from a channel, before anything is done with it. */
  taken(channel: number, element: StreamElement): void {
    switch (element.kind) {
      case 'records':
        if (this.hasPlace(channel))
          this.#passRecords(channel, element.timestamps[element.length - 1])
        return
      case 'watermark':
        this.#passWatermark(channel, element.timestampMs)
        return
      case 'watermark-status':
        if (element.idle) this.#leave(channel)
        return
      case 'end':
        this.#leave(channel)
    }
  }

  #passRecords(channel: number, lastMs = Number.NaN): void {
    const watermarkMs = this.#watermarksMs[channel] as number
    // A record that has no timestamp, which is NaN, is not later than the watermark.
    const isLater = lastMs > watermarkMs
    this.#moveTo(channel, isLater ? lastMs : watermarkMs)
  }

  #passWatermark(channel: number, timestampMs: number): void {
    if (timestampMs >= MAX_WATERMARK_MS) {
      this.#leave(channel)
      return
    }
    this.#watermarksMs[channel] = timestampMs
    this.#moveTo(channel, Math.max(timestampMs, this.#placesMs[channel] as number))
  }

  /** Puts a channel behind all that are not ahead of it. */
  #moveTo(channel: number, placeMs: number): void {
    this.#leave(channel)
    const ordered = this.#ordered
    let at = ordered.length
    while (at > 0 && (this.#placesMs[ordered[at - 1] as number] as number) > placeMs) {
      ordered[at] = ordered[at - 1] as number
      at--
    }
    ordered[at] = channel
    this.#placesMs[channel] = placeMs
  }

  #leave(channel: number): void {
    if (!this.hasPlace(channel)) return
    const ordered = this.#ordered
    for (let at = ordered.indexOf(channel) + 1; at < ordered.length; at++) {
      ordered[at - 1] = ordered[at] as number
    }
    ordered.pop()
    this.#placesMs[channel] = Number.NEGATIVE_INFINITY
  }
}

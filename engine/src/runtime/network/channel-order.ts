import { MAX_WATERMARK_MS, type StreamElement } from '../../core/stream-element.ts'

/** When the records that were counted are so many, earlier ones begin to count less. */
const RECORDS_COUNTED_MAX = 1 << 20

/**
 * Which channels of a task have a place in event time, and who of them is behind. The place of a
 * channel is its last watermark, or the time of its last record if that is later: watermarks come a
 * few times a second, and seconds of event time may lie between two of them.
 *
 * A channel has a place from a watermark on until it is idle, ends, or has sent the watermark that
 * closes event time. Records alone give it none: without watermarks no operator waits for any.
 *
 * Of two inputs the one with fewer records goes ahead by a batch of the other: a channel of the
 * denser input stands where its next batch will end, if that spans as much as the last did. A batch
 * of bids is so read behind the auctions that began while it was filled. The other way round most
 * of its bids would have to wait for their auction in state, and either order leaves some records
 * to wait: it had better be the fewer.
 *
 * ```ts
 * const order = new ChannelOrder([0, 0, 0])
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
  /** Which input each channel feeds. */
  readonly #inputs: readonly (0 | 1)[]
  readonly #watermarksMs: number[]
  /** Where each channel is; `-Infinity` for one that has no place. */
  readonly #placesMs: number[]
  /** How far ahead of its place each channel stands in the order. */
  readonly #spansMs: number[]
  /** How many records came of each input. */
  readonly #records: [number, number] = [0, 0]

  /** @param inputs which input each channel feeds */
  constructor(inputs: readonly (0 | 1)[]) {
    this.behindFirst = this.#ordered
    this.#inputs = inputs
    this.#watermarksMs = inputs.map(() => Number.NEGATIVE_INFINITY)
    this.#placesMs = inputs.map(() => Number.NEGATIVE_INFINITY)
    this.#spansMs = inputs.map(() => 0)
  }

  hasPlace(channel: number): boolean {
    return this.#placesMs[channel] !== Number.NEGATIVE_INFINITY
  }

  /** Called with each element that was taken from a channel, before anything is done with it. */
  taken(channel: number, element: StreamElement): void {
    switch (element.kind) {
      case 'records':
        this.#count(channel, element.length)
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

  #count(channel: number, records: number): void {
    const counts = this.#records
    const input = this.#inputs[channel] as 0 | 1
    counts[input] += records
    if (counts[input] < RECORDS_COUNTED_MAX) return
    counts[0] /= 2
    counts[1] /= 2
  }

  /** True if the channel feeds the input with more records, and the other has some. */
  #isOfDenser(channel: number): boolean {
    const input = this.#inputs[channel] as 0 | 1
    const others = this.#records[1 - input] as number
    return others > 0 && this.#records[input] > others
  }

  #passRecords(channel: number, lastMs = Number.NaN): void {
    const watermarkMs = this.#watermarksMs[channel] as number
    // A record that has no timestamp, which is NaN, is not later than the watermark.
    const isLater = lastMs > watermarkMs
    const placeMs = isLater ? lastMs : watermarkMs
    const spanMs = placeMs - (this.#placesMs[channel] as number)
    this.#spansMs[channel] = spanMs > 0 && this.#isOfDenser(channel) ? spanMs : 0
    this.#moveTo(channel, placeMs)
  }

  #passWatermark(channel: number, timestampMs: number): void {
    if (timestampMs >= MAX_WATERMARK_MS) {
      this.#leave(channel)
      return
    }
    this.#watermarksMs[channel] = timestampMs
    this.#moveTo(channel, Math.max(timestampMs, this.#placesMs[channel] as number))
  }

  /** Puts a channel behind all that do not stand ahead of it. */
  #moveTo(channel: number, placeMs: number): void {
    this.#leave(channel)
    this.#placesMs[channel] = placeMs
    const ordered = this.#ordered
    const standsAtMs = this.#standsAtMs(channel)
    let at = ordered.length
    while (at > 0 && this.#standsAtMs(ordered[at - 1] as number) > standsAtMs) {
      ordered[at] = ordered[at - 1] as number
      at--
    }
    ordered[at] = channel
  }

  #standsAtMs(channel: number): number {
    return (this.#placesMs[channel] as number) + (this.#spansMs[channel] as number)
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

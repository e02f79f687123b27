import { mix32 } from '../../base/prng.ts'
import type { SimEvent } from './sim-event.ts'

/** How many of the last events a report shows. */
const KEPT_COUNT = 200

/** The last things that happened in a world, and a hash of all of them. */
export class SimTrace {
  readonly #times = new Float64Array(KEPT_COUNT)
  readonly #owners: string[] = new Array(KEPT_COUNT).fill('')
  readonly #labels: string[] = new Array(KEPT_COUNT).fill('')
  readonly #details: string[] = new Array(KEPT_COUNT).fill('')
  readonly #hashesOfText = new Map<string, number>()
  readonly #timeBits = new Uint32Array(2)
  readonly #timeView = new Float64Array(this.#timeBits.buffer)
  #eventCount = 0
  #lineCount = 0
  #hash = 0

  /** Events so far; notes do not count. */
  get eventCount(): number {
    return this.#eventCount
  }

  /**
   * A number that follows from time, tie, owner and label of every event so far: equal for two runs
   * of one seed, or something in them is not deterministic.
   */
  get hash(): number {
    return this.#hash >>> 0
  }

  /** Notes that an event happens at `nowMs`. */
  event(nowMs: number, event: SimEvent): void {
    this.#eventCount++
    this.#timeView[0] = nowMs
    let hash = mix32(this.#hash ^ (this.#timeBits[0] as number))
    hash = mix32((hash + (this.#timeBits[1] as number)) ^ event.tie)
    hash = mix32(hash + this.#hashOf(event.owner.name))
    this.#hash = mix32(hash ^ this.#hashOf(event.label))
    this.#keep(nowMs, event.owner.name, event.label, event.detail)
  }

  /** Notes something that is no event of its own: an injected fault, the end of a process. */
  note(nowMs: number, owner: string, label: string, detail: string): void {
    this.#hash = mix32(this.#hash ^ this.#hashOf(label))
    this.#keep(nowMs, owner, label, detail)
  }

  /** The last events, oldest first, one line each. */
  lines(): readonly string[] {
    const lines: string[] = []
    const first = Math.max(0, this.#lineCount - KEPT_COUNT)
    for (let line = first; line < this.#lineCount; line++) {
      const slot = line % KEPT_COUNT
      const time = (this.#times[slot] as number).toFixed(6).padStart(16)
      lines.push(
        `${time} ${this.#owners[slot]} ${this.#labels[slot]} ${this.#details[slot]}`.trimEnd(),
      )
    }
    return lines
  }

  #keep(nowMs: number, owner: string, label: string, detail: string): void {
    const slot = this.#lineCount++ % KEPT_COUNT
    this.#times[slot] = nowMs
    this.#owners[slot] = owner
    this.#labels[slot] = label
    this.#details[slot] = detail
  }

  #hashOf(text: string): number {
    let hash = this.#hashesOfText.get(text)
    if (hash === undefined) {
      hash = text.length
      for (let index = 0; index < text.length; index++) hash = mix32(hash + text.charCodeAt(index))
      this.#hashesOfText.set(text, hash)
    }
    return hash
  }
}

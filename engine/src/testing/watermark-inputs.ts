import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../core/stream-element.ts'

/**
 * Combines the watermarks of an operator's inputs as a task does: the minimum over the inputs that
 * are neither idle nor ended; idle when all are.
 */
export class WatermarkInputs {
  /** The combined watermark so far. It never goes back. */
  combinedMs: number = MIN_WATERMARK_MS
  idle = false
  readonly #inputs: { watermarkMs: number; idle: boolean; ended: boolean }[]

  constructor(inputCount: number) {
    this.#inputs = Array.from({ length: inputCount }, () => ({
      watermarkMs: MIN_WATERMARK_MS,
      idle: false,
      ended: false,
    }))
  }

  /** True once any input has ended. */
  get anyEnded(): boolean {
    return this.#inputs.some((input) => input.ended)
  }

  get allEnded(): boolean {
    return this.#inputs.every((input) => input.ended)
  }

  hasEnded(input: number): boolean {
    return this.#input(input).ended
  }

  watermark(input: number, timestampMs: number): void {
    const state = this.#input(input)
    state.watermarkMs = Math.max(state.watermarkMs, timestampMs)
    this.#combine()
  }

  status(input: number, idle: boolean): void {
    this.#input(input).idle = idle
    this.#combine()
  }

  end(input: number): void {
    this.#input(input).ended = true
    this.#combine()
  }

  #combine(): void {
    const open = this.#inputs.filter((input) => !input.ended)
    const active = open.filter((input) => !input.idle)
    this.idle = open.length > 0 && active.length === 0
    if (active.length === 0) return
    let minimumMs = MAX_WATERMARK_MS
    for (const input of active) minimumMs = Math.min(minimumMs, input.watermarkMs)
    this.combinedMs = Math.max(this.combinedMs, minimumMs)
  }

  #input(index: number): { watermarkMs: number; idle: boolean; ended: boolean } {
    return this.#inputs[index]!
  }
}

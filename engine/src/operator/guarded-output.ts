import type { OutputTag } from '../core/output-tag.ts'
import type { Output } from './output.ts'

/**
 * An output that remembers when what follows it failed. Operators whose user code emits by itself
 * write to it, so that a failure downstream that comes up through user code is neither blamed on
 * the record at hand nor lost when the user code swallows it.
 */
export class GuardedOutput<T> implements Output<T> {
  readonly #target: Output<T>
  #failure: { readonly error: unknown } | undefined

  constructor(target: Output<T>) {
    this.#target = target
  }

  collect(value: T, timestampMs: number): void {
    try {
      this.#target.collect(value, timestampMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  sideOutput<X>(tag: OutputTag<X>, value: X, timestampMs: number): void {
    try {
      this.#target.sideOutput(tag, value, timestampMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  emitWatermark(timestampMs: number): void {
    try {
      this.#target.emitWatermark(timestampMs)
    } catch (error) {
      this.#fail(error)
    }
  }

  emitWatermarkStatus(idle: boolean): void {
    try {
      this.#target.emitWatermarkStatus(idle)
    } catch (error) {
      this.#fail(error)
    }
  }

  flush(): void {
    try {
      this.#target.flush()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Throws what was thrown downstream, if anything was. Called after user code has run. */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  #fail(error: unknown): never {
    this.#failure ??= { error }
    throw error
  }
}

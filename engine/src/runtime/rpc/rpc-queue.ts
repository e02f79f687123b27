import { RingBuffer } from '../../base/ring-buffer.ts'
import type { Executor } from '../../env/executor.ts'

/**
 * The calls to one endpoint, carried out one after the other, in order, each outside of the
 * caller's stack: what a connection between two processes would do.
 */
export class RpcQueue {
  readonly #calls = new RingBuffer<() => void>()
  readonly #executor: Executor
  #posted = false
  #open = true

  constructor(executor: Executor) {
    this.#executor = executor
  }

  /** Adds a call. Dropped after {@link RpcQueue.close}. */
  send(call: () => void): void {
    if (!this.#open) return
    this.#calls.push(call)
    if (this.#posted) return
    this.#posted = true
    this.#executor.post(() => this.#drain())
  }

  /** Drops the calls that are still waiting, and all later ones. */
  close(): void {
    this.#open = false
    this.#calls.clear()
  }

  #drain(): void {
    this.#posted = false
    const count = this.#calls.length
    for (let i = 0; i < count; i++) this.#calls.shift()?.()
  }
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** What a {@link WriteQueue} tells its owner. */
export interface WriteQueueOwner {
  /** Runs in the mailbox. */
  execute(run: () => void): void
  setAvailable(available: boolean): void
  fail(error: unknown): void
}

/** From this many bytes waiting on, the writer takes no more records. */
const PENDING_BYTES_MAX = 8 * 1024 * 1024

/**
 * Runs the file calls of a writer one after another. After the first failure nothing runs any more:
 * what follows would be built on bytes that are not there.
 */
export class WriteQueue {
  readonly #owner: WriteQueueOwner
  #last: Promise<void> = Promise.resolve()
  #pendingBytes = 0
  #isFull = false
  #failed = false
  #stopped = false

  constructor(owner: WriteQueueOwner) {
    this.#owner = owner
  }

  /**
   * Runs `call` after all calls before. The promise rejects with the first error of any of them.
   * @param sizeBytes what the call holds in memory until it is done.
   */
  run(call: () => Promise<void>, sizeBytes: number = 0): Promise<void> {
    this.#pendingBytes += sizeBytes
    if (!this.#isFull && this.#pendingBytes > PENDING_BYTES_MAX) {
      this.#isFull = true
      this.#owner.setAvailable(false)
    }
    const done = this.#last.then(() => {
      if (this.#stopped) throw new EngineError(ErrorCode.FILE_SYSTEM, 'the writer is closed')
      return call()
    })
    this.#last = done
    done.then(
      () => this.#drain(sizeBytes),
      (error) => this.#fail(error),
    )
    return done
  }

  /**
   * Calls that have not begun are never run: the writer is closed, and the next execution attempt
   * must not meet what a former one does late.
   */
  stop(): void {
    this.#stopped = true
    this.#failed = true
  }

  /** Runs `call` after all calls before, whether they failed, were stopped, or not. */
  finally(call: () => Promise<void>): void {
    this.#last.then(call, call).catch(() => {})
  }

  #drain(sizeBytes: number): void {
    this.#pendingBytes -= sizeBytes
    if (!this.#isFull || this.#pendingBytes > PENDING_BYTES_MAX / 2) return
    this.#isFull = false
    this.#owner.execute(() => {
      if (!this.#isFull) this.#owner.setAvailable(true)
    })
  }

  #fail(error: unknown): void {
    if (this.#failed) return
    this.#failed = true
    this.#owner.fail(error)
  }
}

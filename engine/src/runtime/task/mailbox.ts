import { RingBuffer } from '../../base/ring-buffer.ts'

/**
 * The queue of control actions of a task: timers, checkpoint triggers, splits, answers of
 * asynchronous work. Served between record batches, so that nothing in a task ever runs at once.
 */
export class Mailbox {
  readonly #mails = new RingBuffer<() => void>()
  readonly #wake: () => void
  #open = true

  /** @param wake called when a mail arrives, to get the task scheduled */
  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Adds a mail. Dropped when the task has ended. */
  put(mail: () => void): void {
    if (!this.#open) return
    this.#mails.push(mail)
    this.#wake()
  }

  /** Runs the mails that are there now. @returns how many */
  drain(): number {
    const count = this.#mails.length
    for (let i = 0; i < count; i++) this.#mails.shift()?.()
    return count
  }

  get isEmpty(): boolean {
    return this.#mails.length === 0
  }

  /** Drops all mails, now and later. */
  close(): void {
    this.#open = false
    this.#mails.clear()
  }
}

import type { Executor } from '../executor.ts'

declare class MessageChannel {
  readonly port1: { onmessage: (() => void) | null }
  readonly port2: { postMessage(value: number): void }
}

/**
 * An {@link Executor} on a MessageChannel: browsers delay nested `setTimeout` calls by 4 ms and
 * more, messages not at all. One message per task, so each runs in a macrotask of its own and an
 * exception in one is reported without keeping the next from running.
 */
export class MessageExecutor implements Executor {
  readonly #channel = new MessageChannel()
  #posted: (() => void)[] = []
  #nextIndex = 0

  constructor() {
    this.#channel.port1.onmessage = () => this.#runNext()
  }

  post(run: () => void): void {
    this.#posted.push(run)
    this.#channel.port2.postMessage(0)
  }

  yieldSlice(): Promise<void> {
    return new Promise((resolve) => this.post(resolve))
  }

  #runNext(): void {
    const run = this.#posted[this.#nextIndex++] as () => void
    // Lets go of what has run, half of the list at a time: that costs little per task.
    if (this.#nextIndex * 2 > this.#posted.length) {
      this.#posted.splice(0, this.#nextIndex)
      this.#nextIndex = 0
    }
    run()
  }
}

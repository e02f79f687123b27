/** Something that waits for another thread: for records, or for room to send some. */
export interface RingWaiter {
  /** True if there is no need to wait any more. */
  isReady(): boolean
  /** Called once, in a macrotask of its own, when it is ready. */
  ready(): void
}

/** `Atomics.waitAsync`, which the library of this compiler does not know yet. */
type WaitAsync = (
  words: Int32Array,
  index: number,
  value: number,
) => { readonly async: boolean; readonly value: Promise<string> | string }

const waitAsync = (Atomics as unknown as { readonly waitAsync?: WaitAsync }).waitAsync

/**
 * One word of shared memory per thread, which others change to wake it. A thread waits only while
 * one of its tasks has nothing to read or no room to write, and never blocks: timers, files and
 * control messages go on. One word, not one a ring: waiting on one ring while a task of the thread
 * could use another is how such designs come to a standstill.
 */
export class Doorbell {
  readonly #word: Int32Array
  readonly #post: (run: () => void) => void
  readonly #waiters = new Set<RingWaiter>()
  #armed = false

  /**
   * @param memory four bytes that other threads ring with {@link ringDoorbell}
   * @param post runs a function in a later macrotask
   */
  constructor(memory: SharedArrayBuffer, post: (run: () => void) => void) {
    this.#word = new Int32Array(memory)
    this.#post = post
  }

  /** Calls `waiter.ready` once it is ready. */
  await(waiter: RingWaiter): void {
    this.#waiters.add(waiter)
    this.#arm()
  }

  /** Waits no longer for a waiter of a former execution attempt. */
  forget(waiter: RingWaiter): void {
    this.#waiters.delete(waiter)
  }

  /** Waits for nothing any more: the memory it waited with can go. */
  close(): void {
    this.#waiters.clear()
    ringDoorbell(this.#word)
  }

  #arm(): void {
    while (!this.#armed) {
      // Read before the waiters are asked: whoever rings after that changes it.
      const seen = Atomics.load(this.#word, 0)
      this.#wakeReady()
      if (this.#waiters.size === 0) return
      const wait = (waitAsync as WaitAsync)(this.#word, 0, seen)
      if (!wait.async) continue
      this.#armed = true
      void (wait.value as Promise<string>).then(() => {
        this.#armed = false
        this.#arm()
      })
    }
  }

  #wakeReady(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isReady()) continue
      this.#waiters.delete(waiter)
      this.#post(() => waiter.ready())
    }
  }
}

/** Wakes the thread of a doorbell, if it waits. */
export function ringDoorbell(word: Int32Array): void {
  Atomics.add(word, 0, 1)
  Atomics.notify(word, 0)
}

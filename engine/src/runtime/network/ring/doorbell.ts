/** Something that waits for another thread: for records, or for room to send some. */
export interface RingWaiter {
  /** Asks the other end for a ring of the bell: the thread is about to sleep. */
  askForRing(): void
  /** True if there is no need to wait any more. */
  isReady(): boolean
  /** Called once, outside of the caller's stack, when it is ready. */
  ready(): void
}

/**
 * How often a thread looks at its rings, in a macrotask each, before it sleeps. What its busy tasks
 * wait for it finds between their slices, and nobody pays for a bell.
 */
const LOOKS_BEFORE_SLEEP = 4

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
 *
 * Waking a thread costs both sides about as much as a thousand records, so the bell rings only for
 * a thread that sleeps or is about to. No wake-up is lost. All accesses are in one total order, and
 *
 * - who sleeps reads the bell (1), asks for a ring (2), looks at the ring (3), and sleeps if the
 *   bell is still as it was in 1 (4);
 * - who wakes changes the ring (a), sees whether a ring is asked for (b), and if so takes the
 *   question back (c), changes the bell (d) and wakes who sleeps on it (e).
 *
 * If b comes before 2, a comes before 3, which finds the change. If b comes after 2 and finds the
 * question, d comes after 1: either 4 does not sleep, or e wakes it. If b comes after 2 and does
 * not find it, a c of before has taken it, after 2; its d comes after 1 too.
 *
 * @see `doorbell-protocol.test.ts`, which runs all interleavings
 * @see Franke, Russell, Kirkwood: Fuss, Futexes and Furwocks (2002)
 */
export class Doorbell {
  readonly #word: Int32Array
  readonly #post: (run: () => void) => void
  readonly #waiters = new Set<RingWaiter>()
  #sleeps = false
  #lookIsDue = false
  #looks = 0

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
    this.#looks = 0
    this.#lookLater()
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

  #lookLater(): void {
    if (this.#lookIsDue) return
    this.#lookIsDue = true
    this.#post(() => {
      this.#lookIsDue = false
      this.#look()
    })
  }

  #look(): void {
    this.#wakeReady()
    if (this.#waiters.size === 0) return
    if (++this.#looks < LOOKS_BEFORE_SLEEP) this.#lookLater()
    else this.#sleep()
  }

  #sleep(): void {
    for (;;) {
      const seen = Atomics.load(this.#word, 0)
      for (const waiter of this.#waiters) waiter.askForRing()
      this.#wakeReady()
      // A thread that sleeps since before sleeps on a word that is older: any ring wakes it.
      if (this.#waiters.size === 0 || this.#sleeps) return
      const wait = (waitAsync as WaitAsync)(this.#word, 0, seen)
      if (!wait.async) continue
      this.#sleeps = true
      void (wait.value as Promise<string>).then(() => {
        this.#sleeps = false
        this.#looks = 0
        this.#look()
      })
      return
    }
  }

  #wakeReady(): void {
    for (const waiter of this.#waiters) {
      if (!waiter.isReady()) continue
      this.#waiters.delete(waiter)
      this.#looks = 0
      waiter.ready()
    }
  }
}

/** Wakes the thread of a doorbell, if it sleeps. */
export function ringDoorbell(word: Int32Array): void {
  Atomics.add(word, 0, 1)
  Atomics.notify(word, 0)
}

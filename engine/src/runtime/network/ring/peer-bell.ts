import { ringDoorbell } from './doorbell.ts'

/** The doorbell of the thread at the other end of a ring. Hot: once per frame. */
export class PeerBell {
  readonly #word: Int32Array
  readonly #takeAsked: () => boolean
  #hasRung = false

  /**
   * @param memory the word of the other thread's doorbell
   * @param takeAsked true, once, if the other end has asked for a ring
   */
  constructor(memory: SharedArrayBuffer, takeAsked: () => boolean) {
    this.#word = new Int32Array(memory)
    this.#takeAsked = takeAsked
  }

  /**
   * Rings if it is asked for: at once for the first frame of a slice, so that the other thread
   * works while this one does; for all later ones of the slice together, when it is over. A slice
   * is one macrotask, so a microtask of it comes behind its last frame.
   */
  ringIfAsked(): void {
    if (this.#hasRung || !this.#takeAsked()) return
    ringDoorbell(this.#word)
    this.#hasRung = true
    void Promise.resolve().then(this.#ringAgain)
  }

  readonly #ringAgain = (): void => {
    this.#hasRung = false
    if (this.#takeAsked()) ringDoorbell(this.#word)
  }
}

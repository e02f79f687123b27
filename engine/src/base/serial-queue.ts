/** Runs asynchronous calls one after the other, in the order they were asked for. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  /**
   * Runs `call` when all earlier calls have settled. Settles as `call` does; a failed call does not
   * keep later ones from running.
   */
  run<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#last.then(call)
    this.#last = result.catch(ignore)
    return result
  }
}

function ignore(): void {}

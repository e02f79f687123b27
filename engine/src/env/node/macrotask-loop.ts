/// <reference types="node" />

/** How many turns are asked for at once. Node runs them in one pass of its event loop. */
const BATCH_SIZE = 64

/**
 * Calls `step` again and again, each time in a macrotask of its own, until it returns false: all
 * microtasks that one call has caused have run before the next. Rejects with what `step` throws.
 *
 * The simulator runs on it. Node empties the microtask queue between two immediates, so a batch of
 * immediates gives the same order as one after the other, without a pass of the event loop each.
 */
export function macrotaskLoop(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let going = true
    const turn = (): void => {
      if (!going) return
      try {
        if (step()) return
        going = false
        resolve()
      } catch (error) {
        going = false
        reject(error)
      }
    }
    const lastTurn = (): void => {
      turn()
      if (going) ask()
    }
    const ask = (): void => {
      for (let index = 1; index < BATCH_SIZE; index++) setImmediate(turn)
      setImmediate(lastTurn)
    }
    ask()
  })
}

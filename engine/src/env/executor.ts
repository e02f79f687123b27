/** Runs pieces of work one after the other, each in a macrotask of its own. */
export interface Executor {
  /** Runs `run` in a later macrotask. Order of posting is kept outside of the simulator. */
  post(run: () => void): void
  /** Resolves in a later macrotask: control returns to the event loop between two slices. */
  yieldSlice(): Promise<void>
}

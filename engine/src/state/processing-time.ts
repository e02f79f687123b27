/** Wall time and its timers, as the state backend needs them. Calls back in the task's mailbox. */
export interface ProcessingTime {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Calls `run` once at `atMs`, or soon if that is past; never within this call. */
  schedule(atMs: number, run: () => void): { cancel(): void }
}

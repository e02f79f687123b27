/** What a supervised run tells the process that started it. */
export interface ProgressReport {
  /** Flights replayed so far, those before the restored checkpoint included. */
  readonly records: number
  /** Event time up to which all hours are complete; undefined before the first watermark. */
  readonly watermarkMs: number | undefined
  /** Checkpoints that this process has completed. */
  readonly checkpoints: number
  /** Whether the job has ended and all output is committed. */
  readonly finished: boolean
}

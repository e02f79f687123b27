import type { LatencyMs, Settings, Unit, Verification } from './benchmark-result.ts'

/** What a whole run of a program came to. */
export interface ProgramOutcome {
  /** A digest of the output; `null` if the output differs from run to run. */
  readonly output: string | null
  /** How many records were processed, if not as many as were asked for. */
  readonly records?: number
  /** Figures that explain the sample. */
  readonly facts?: Readonly<Record<string, number>>
  /** For programs that are measured by neither rate nor latency: their figure. */
  readonly value?: number
  /** For programs that are measured by their latency, in place of their rate. */
  readonly latencyMs?: LatencyMs
}

/** How many records a program processes. */
export interface ProgramSize {
  /** In a measured run. */
  readonly records: number
  /** In each run of the warm-up. */
  readonly warmUpRecords: number
}

/** Something whole that is measured: a job of the engine, or what it is compared with. */
export interface Program {
  /** The name of its case. */
  readonly name: string
  readonly engine: string
  /** Default: the version of this engine. */
  readonly engineVersion?: string
  readonly full: ProgramSize
  readonly quick: ProgramSize
  /** Stays in one process from one sample to the next, once it is warm. Default false. */
  readonly isKept?: boolean
  /** How long a warm-up takes at least. Default: until two runs in a row take about the same. */
  readonly warmUpMs?: number
  readonly settings: Settings
  /** Programs of one group must have the same output. Default: the program alone. */
  readonly group?: string
  readonly notes?: readonly string[]
  /** Default: records per second. */
  readonly unit?: Unit
  /** Runs the program once, in a process made for that. */
  run(records: number): Promise<ProgramOutcome> | ProgramOutcome
  /** Checks the output against a reference, in a process made for that. */
  verify?(quick: boolean): Promise<Verification>
}

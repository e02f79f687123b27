import type { BenchmarkResult, LatencyMs, Sample, Verification } from './benchmark-result.ts'

/** How a suite is run. */
export interface RunOptions {
  /** Fewer and shorter samples, to see whether everything works. */
  readonly quick: boolean
  /** How many samples of each case are taken; undefined for as many as the suite asks for. */
  readonly repeats: number | undefined
  /** Told what is going on, a line at a time. */
  readonly progress: (line: string) => void
  /** Only these cases; empty for all. */
  readonly only: readonly string[]
  /** Other engines to measure beside this one, by name. */
  readonly peers: readonly string[]
  /** Ends the run early; what was measured by then is kept. */
  readonly signal: AbortSignal
  /**
   * Told all results so far, now and then, by suites that take long: should the run not come to its
   * end, these are left of it. Left out where nobody keeps them.
   */
  readonly keep?: (results: readonly BenchmarkResult[]) => void
}

/** What a suite must reach. */
export type Floor =
  | { readonly name: string; readonly actual: number; readonly atLeast: number; atMost?: never }
  | { readonly name: string; readonly actual: number; readonly atMost: number; atLeast?: never }

/** What a run of a suite came to. */
export interface SuiteOutcome {
  readonly results: readonly BenchmarkResult[]
  readonly floors: readonly Floor[]
  /** The cases that have no result because a sample failed or an output was wrong. */
  readonly failed?: readonly string[]
}

/** What a child process measured: samples and digests of the output by case. */
export interface ChildReport {
  readonly samples: Readonly<Record<string, Sample>>
  readonly outputs: Readonly<Record<string, string>>
  /** Figures that explain the samples. */
  readonly facts: Readonly<Record<string, number>>
  /** Latencies by case, of programs that are measured by them. */
  readonly latencies?: Readonly<Record<string, LatencyMs>>
  /** How the output was checked, if the child was asked for that. */
  readonly verification?: Verification
}

/** A figure by which two versions of the engine can be compared. */
export interface ComparedCase {
  /** The sample to ask for. */
  readonly sample: string
  /** The case in its report. */
  readonly case: string
  readonly betterIs: 'lower' | 'higher'
}

/** A group of benchmarks that run together. */
export interface Suite {
  readonly name: string
  readonly about: string
  readonly compared: readonly ComparedCase[]
  /** Runs the suite; asks for samples in child processes. */
  run(options: RunOptions): Promise<SuiteOutcome>
  /** Measures one sample; called in a process of its own. */
  sample(name: string, quick: boolean): Promise<ChildReport>
}

/** The output of a program under measurement is wrong, so none of its figures count. */
export class WrongOutput extends Error {
  override readonly name = 'WrongOutput'
}

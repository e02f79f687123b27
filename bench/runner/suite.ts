import type { BenchmarkResult, Sample } from './benchmark-result.ts'

/** How a suite is run. */
export interface RunOptions {
  /** Fewer and shorter samples, to see whether everything works. */
  readonly quick: boolean
  /** Told what is going on, a line at a time. */
  readonly progress: (line: string) => void
}

/** What a suite must reach. */
export interface Floor {
  readonly name: string
  readonly atLeast: number
  readonly actual: number
}

/** What a run of a suite came to. */
export interface SuiteOutcome {
  readonly results: readonly BenchmarkResult[]
  readonly floors: readonly Floor[]
}

/** What a child process measured: samples and digests of the output by case. */
export interface ChildReport {
  readonly samples: Readonly<Record<string, Sample>>
  readonly outputs: Readonly<Record<string, string>>
  /** Figures that explain the samples. */
  readonly facts: Readonly<Record<string, number>>
}

/** A group of benchmarks that run together. */
export interface Suite {
  readonly name: string
  readonly about: string
  /** Runs the suite; asks for samples in child processes. */
  run(options: RunOptions): Promise<SuiteOutcome>
  /** Measures one sample; called in a process of its own. */
  sample(name: string, quick: boolean): Promise<ChildReport>
}

/** The output of a program under measurement is wrong, so none of its figures count. */
export class WrongOutput extends Error {
  override readonly name = 'WrongOutput'
}

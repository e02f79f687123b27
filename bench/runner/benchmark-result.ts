/**
 * `runner/` owns how anything is measured here: calibration, child processes, repeats, statistics,
 * and result files. It knows no benchmark and nothing of the engine.
 */

/** The version of {@link BenchmarkResult}; a change of the schema raises it. */
export const SCHEMA_VERSION = 1

/** What a value is measured in. */
export type Unit = 'ns/record' | 'records/s' | 'ms' | 'bytes' | 'tx/s' | 'ratio'

/** Settings and parameters: flat, so that results can be told apart by them. */
export type Settings = Readonly<Record<string, string | number | boolean>>

/** The machine a result comes from. No host, user or path is named. */
export interface Machine {
  /** A hash of the other fields. */
  readonly fingerprint: string
  readonly cpuModel: string
  readonly logicalCores: number
  readonly memoryBytes: number
  /** `null` where the system does not tell. */
  readonly l2Bytes: number | null
  readonly l3Bytes: number | null
  readonly os: string
  readonly kernel: string
  readonly arch: string
  readonly virtualized: boolean | null
  readonly node: string
  readonly v8: string
  readonly jdk: string | null
}

/** One measured run. */
export interface Sample {
  readonly value: number
  readonly wallSeconds: number
  /** User and system time of the whole process tree: garbage collection and compilers included. */
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly records: number
  /** Means of the calibration before and after. */
  readonly calibrationCpuNs: number
  readonly calibrationMemoryNs: number
  /** Why the sample does not count; `null` if it does. */
  readonly void: string | null
}

/** Times from the scheduled time of a record to its result, in milliseconds. */
export interface LatencyMs {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly p9999: number
  readonly max: number
  readonly count: number
}

/** How the output of the measured runs was checked. */
export interface Verification {
  readonly status: 'equal' | 'invariants' | 'FAILED' | 'not-applicable'
  readonly outputHash: string | null
  /** What the output was compared with. */
  readonly reference: string
}

/** The result of one case. Medians and means are taken over the samples that are not void. */
export interface BenchmarkResult {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly suite: string
  readonly case: string
  readonly parameters: Settings
  readonly engine: string
  readonly engineVersion: string
  /** `null` for what is not of this repository. */
  readonly commit: string | null
  /** True if the working tree had changes. */
  readonly dirty: boolean
  readonly settings: Settings
  /** ISO 8601, UTC. */
  readonly startedAt: string
  /** One for all cases that were measured in turn in one run. */
  readonly runId: string
  readonly machine: Machine
  readonly calibration: { readonly cpuNsPerOp: number; readonly memoryNsPerOp: number }
  readonly unit: Unit
  readonly betterIs: 'lower' | 'higher'
  readonly samples: readonly Sample[]
  readonly median: number
  /** Median absolute deviation from the median. */
  readonly mad: number
  /** Nanoseconds per record over those of the calibration; of a ratio, the ratio. */
  readonly normalized: number
  readonly cpuSeconds: number
  readonly peakRssBytes: number
  readonly recordsPerCpuSecond: number | null
  readonly latencyMs: LatencyMs | null
  readonly verification: Verification
  readonly notes: readonly string[]
}

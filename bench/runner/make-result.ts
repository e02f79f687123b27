import {
  type BenchmarkResult,
  type LatencyMs,
  type Sample,
  SCHEMA_VERSION,
} from './benchmark-result.ts'
import { median, medianAbsoluteDeviation } from './statistics.ts'

/** What a result is made of, besides what follows from its samples. */
export type ResultParts = Pick<
  BenchmarkResult,
  | 'suite'
  | 'case'
  | 'parameters'
  | 'engine'
  | 'engineVersion'
  | 'commit'
  | 'dirty'
  | 'settings'
  | 'startedAt'
  | 'runId'
  | 'machine'
  | 'unit'
  | 'samples'
  | 'verification'
  | 'notes'
> & { readonly latencyMs?: LatencyMs | null }

/** Works out the figures of a result from its samples. */
export function makeResult(parts: ResultParts): BenchmarkResult {
  const valid = parts.samples.filter((sample) => sample.void === null)
  const counted = valid.length > 0 ? valid : parts.samples
  const notes =
    valid.length > 0 ? parts.notes : [...parts.notes, 'no sample is valid: the machine was busy']
  const of = (field: (sample: Sample) => number): number => median(counted.map(field))
  const middle = of((sample) => sample.value)
  const cpuNsPerOp = of((sample) => sample.calibrationCpuNs)
  const nsPerRecord = { 'records/s': 1e9 / middle, 'tx/s': 1e9 / middle, 'ns/record': middle }
  const scaled = nsPerRecord[parts.unit as keyof typeof nsPerRecord]
  const isRatio = parts.unit === 'ratio'
  return {
    schemaVersion: SCHEMA_VERSION,
    ...parts,
    calibration: { cpuNsPerOp, memoryNsPerOp: of((sample) => sample.calibrationMemoryNs) },
    betterIs: isRatio || parts.unit.endsWith('/s') ? 'higher' : 'lower',
    median: middle,
    mad: medianAbsoluteDeviation(counted.map((sample) => sample.value)),
    normalized: scaled === undefined ? middle : scaled / cpuNsPerOp,
    cpuSeconds: of((sample) => sample.cpuSeconds),
    peakRssBytes: of((sample) => sample.peakRssBytes),
    recordsPerCpuSecond:
      isRatio || parts.unit === 'ms' ? null : of((sample) => sample.records / sample.cpuSeconds),
    latencyMs: parts.latencyMs ?? null,
    notes,
  }
}

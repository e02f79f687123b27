import type { Sample } from './benchmark-result.ts'
import { makeResult, type ResultParts } from './make-result.ts'

/** A sample for tests, worth 100 records per second unless said otherwise. */
export function sampleWith(fields: Partial<Sample> = {}): Sample {
  return {
    value: 100,
    wallSeconds: 2,
    cpuSeconds: 4,
    peakRssBytes: 1_000,
    records: 200,
    calibrationCpuNs: 2,
    calibrationMemoryNs: 80,
    void: null,
    ...fields,
  }
}

/** A result for tests. */
export function resultWith(parts: Partial<ResultParts> = {}): ReturnType<typeof makeResult> {
  return makeResult({
    suite: 'some-suite',
    case: 'some-case',
    parameters: { records: 200 },
    engine: 'millrace',
    engineVersion: '0.1.0',
    commit: '0123456789abcdef0123456789abcdef01234567',
    dirty: false,
    settings: { parallelism: 1, storage: 'memory', chained: true },
    startedAt: '2026-01-02T03:04:05.678Z',
    runId: 'run-1',
    machine: {
      fingerprint: 'cafe0123',
      cpuModel: 'a processor',
      logicalCores: 2,
      memoryBytes: 2 ** 33,
      l2Bytes: null,
      l3Bytes: 2 ** 25,
      os: 'Linux',
      kernel: '6.1',
      arch: 'x64',
      virtualized: null,
      node: '24.0.0',
      v8: '13.6',
      jdk: null,
    },
    unit: 'records/s',
    samples: [sampleWith()],
    verification: { status: 'equal', outputHash: 'abc', reference: 'a loop' },
    notes: [],
    ...parts,
  })
}

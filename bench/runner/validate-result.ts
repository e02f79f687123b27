import { SCHEMA_VERSION } from './benchmark-result.ts'

/** Says what is wrong with a value; undefined if nothing is. */
type Check = (value: unknown) => string | undefined

const text: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a text'
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'must be true or false')
const amount: Check = (value) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? undefined
    : 'must be a finite number, 0 or more'

const orNull =
  (check: Check): Check =>
  (value) =>
    value === null ? undefined : check(value)

const oneOf =
  (...allowed: readonly unknown[]): Check =>
  (value) =>
    allowed.includes(value) ? undefined : `must be one of ${allowed.join(', ')}`

const listOf =
  (check: Check): Check =>
  (value) => {
    if (!Array.isArray(value)) return 'must be a list'
    return first(value.map((element, index) => at(String(index), check(element))))
  }

/** An object with exactly these fields. */
const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return 'must be an object'
    }
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(checks, name))
    if (unknown !== undefined) return at(unknown, 'is not in the schema')
    return first(
      Object.entries(checks).map(([name, check]) =>
        at(name, check((value as Record<string, unknown>)[name])),
      ),
    )
  }

const settings: Check = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'must be an object'
  }
  const wrong = Object.entries(value).find(
    ([, one]) => !['string', 'number', 'boolean'].includes(typeof one),
  )
  return wrong && at(wrong[0], 'must be a text, a number, true or false')
}

const result: Check = fields({
  schemaVersion: oneOf(SCHEMA_VERSION),
  suite: text,
  case: text,
  parameters: settings,
  engine: text,
  engineVersion: text,
  commit: orNull(text),
  dirty: flag,
  settings,
  startedAt: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
      ? undefined
      : 'must be a UTC time of ISO 8601',
  runId: text,
  machine: fields({
    fingerprint: text,
    cpuModel: text,
    logicalCores: amount,
    memoryBytes: amount,
    l2Bytes: orNull(amount),
    l3Bytes: orNull(amount),
    os: text,
    kernel: text,
    arch: text,
    virtualized: orNull(flag),
    node: text,
    v8: text,
    jdk: orNull(text),
  }),
  calibration: fields({ cpuNsPerOp: amount, memoryNsPerOp: amount }),
  unit: oneOf('ns/record', 'records/s', 'ms', 'bytes', 'tx/s', 'ratio'),
  betterIs: oneOf('lower', 'higher'),
  samples: (value) =>
    Array.isArray(value) && value.length === 0
      ? 'must not be empty'
      : listOf(
          fields({
            value: amount,
            wallSeconds: amount,
            cpuSeconds: amount,
            peakRssBytes: amount,
            records: amount,
            calibrationCpuNs: amount,
            calibrationMemoryNs: amount,
            void: orNull(text),
          }),
        )(value),
  median: amount,
  mad: amount,
  normalized: amount,
  cpuSeconds: amount,
  peakRssBytes: amount,
  recordsPerCpuSecond: orNull(amount),
  latencyMs: orNull(
    fields({
      p50: amount,
      p90: amount,
      p99: amount,
      p999: amount,
      p9999: amount,
      max: amount,
      count: amount,
    }),
  ),
  verification: fields({
    status: oneOf('equal', 'invariants', 'FAILED', 'not-applicable'),
    outputHash: orNull(text),
    reference: text,
  }),
  notes: listOf(text),
})

/**
 * Checks that a value is a `BenchmarkResult` as it stands in a file.
 *
 * @returns what is wrong first, with the path of the field; undefined if nothing is
 */
export function resultFault(value: unknown): string | undefined {
  return result(value)
}

/** As {@link resultFault}, for the contents of a result file: the results of one run. */
export function resultFileFault(value: unknown): string | undefined {
  if (Array.isArray(value) && value.length === 0) return 'must hold at least one result'
  return listOf(result)(value)
}

function at(name: string, fault: string | undefined): string | undefined {
  if (fault === undefined) return undefined
  return /^[\w/]+(?: must| is)/.test(fault) && !/^(?:must|is) /.test(fault)
    ? `${name}/${fault}`
    : `${name} ${fault}`
}

function first(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined)
}

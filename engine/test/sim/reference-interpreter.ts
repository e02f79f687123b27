import type {
  PipelineDescription,
  SourceDescription,
  Stage,
  TimedRecord,
} from './pipeline-description.ts'
import {
  bucketEndMs,
  bucketResult,
  copies,
  counted,
  following,
  isKept,
  joined,
  lineOf,
  mapped,
  rekeyed,
  summed,
  variant,
} from './record-functions.ts'
import { lateWindows, plainWindows } from './reference-windows.ts'

/**
 * The lines that a pipeline must commit, computed by plain code over whole lists: no engine, no
 * scheduling, no failures.
 */
export function referenceLines(description: PipelineDescription): readonly string[] {
  const [first, second] = description.sources as readonly [SourceDescription, SourceDescription?]
  let stream = recordsOf(first)
  if (second !== undefined) {
    const other = recordsOf(second)
    stream = description.combine === 'union' ? [...stream, ...other] : join(stream, other)
  }
  for (const [index, stage] of description.stages.entries()) {
    stream = apply(stream, stage, index, first)
  }
  return stream.map(({ record }) => lineOf(record))
}

/** All records of a source; those of a split are in order. */
function recordsOf(source: SourceDescription): readonly TimedRecord[] {
  return source.steps.flatMap((step) => step.records)
}

function join(left: readonly TimedRecord[], right: readonly TimedRecord[]): readonly TimedRecord[] {
  return left.flatMap(({ record }) =>
    right
      .filter((other) => other.record.key === record.key)
      .map((other) => untimed(joined(record, other.record))),
  )
}

function apply(
  stream: readonly TimedRecord[],
  stage: Stage,
  index: number,
  source: SourceDescription,
): readonly TimedRecord[] {
  switch (stage.kind) {
    case 'map':
      return stream.map((one) => ({ ...one, record: mapped(one.record, stage.add) }))
    case 'filter':
      return stream.filter((one) => isKept(one.record, stage.modulus))
    case 'flatMap':
      return stream.flatMap(({ record, timestampMs }) =>
        copies(record, stage.copies).map((copy) => ({ record: copy, timestampMs })),
      )
    case 'rekey':
      return stream.map((one) => ({ ...one, record: rekeyed(one.record, stage.keyCount) }))
    case 'selfUnion': {
      const part = stream.filter((one) => isKept(one.record, stage.modulus))
      return [...stream, ...part.map((one) => ({ ...one, record: variant(one.record, index) }))]
    }
    case 'exchange':
    case 'distinct':
      return stream
    case 'hold':
      return stream.map(({ record }) => untimed(record))
    case 'count':
      return [...byKey(stream)].flatMap(([key, records]) =>
        records.map((_, index) => untimed(counted(key, index + 1))),
      )
    case 'runningSum':
      return rolling(stream, (before, one) =>
        before === undefined ? one : { ...one, record: summed(before.record, one.record) },
      )
    case 'previous': {
      const last = new Map<string, number>()
      return stream.map(({ record, timestampMs }) => {
        const result = following(last.get(record.key) ?? 0, record)
        last.set(record.key, record.n)
        return { record: result, timestampMs }
      })
    }
    case 'buckets':
      return buckets(stream, stage.sizeMs)
    case 'window':
      return stage.late ? lateWindows(stream, stage, source) : plainWindows(stream, stage)
  }
}

function rolling(
  stream: readonly TimedRecord[],
  step: (before: TimedRecord | undefined, one: TimedRecord) => TimedRecord,
): readonly TimedRecord[] {
  const last = new Map<string, TimedRecord>()
  return stream.map((one) => {
    const result = step(last.get(one.record.key), one)
    last.set(one.record.key, result)
    return result
  })
}

function buckets(stream: readonly TimedRecord[], sizeMs: number): readonly TimedRecord[] {
  const sums = new Map<string, { key: string; endMs: number; sum: number }>()
  for (const { record, timestampMs } of stream) {
    const endMs = bucketEndMs(timestampMs, sizeMs)
    const name = `${record.key} ${endMs}`
    const bucket = sums.get(name) ?? { key: record.key, endMs, sum: 0 }
    bucket.sum += record.n
    sums.set(name, bucket)
  }
  return [...sums.values()].map(({ key, endMs, sum }) => ({
    record: bucketResult(key, endMs, sum),
    timestampMs: endMs,
  }))
}

function byKey(stream: readonly TimedRecord[]): ReadonlyMap<string, readonly TimedRecord[]> {
  return Map.groupBy(stream, ({ record }) => record.key)
}

function untimed(record: TimedRecord['record']): TimedRecord {
  return { record, timestampMs: Number.NaN }
}

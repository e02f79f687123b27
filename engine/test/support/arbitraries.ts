import fc from 'fast-check'
import { MAX_WATERMARK_MS } from '../../src/core/stream-element.ts'
import type { StreamEvent } from '../../src/testing/stream-dsl.ts'

/** What {@link outOfOrderStream} may be told. */
export interface OutOfOrderStreamOptions {
  /** Greatest number of records. Default 40. */
  readonly recordsMax?: number
  /** How far a record may stand behind the highest event time before it. Default 20. */
  readonly disorderMs?: number
  /** Greatest step of event time between two records. Default 15. */
  readonly stepMsMax?: number
  /** True if watermarks may run ahead of the disorder, so that records are late. Default false. */
  readonly late?: boolean
}

/**
 * Random streams out of order within a bound, with watermarks strewn in and one at the end that
 * closes event time. Unless `late`, no record is behind a watermark.
 */
export function outOfOrderStream<T>(
  value: fc.Arbitrary<T>,
  options: OutOfOrderStreamOptions = {},
): fc.Arbitrary<readonly StreamEvent<T>[]> {
  const { recordsMax = 40, disorderMs = 20, stepMsMax = 15, late = false } = options
  const part = fc.record({
    value,
    stepMs: fc.integer({ min: 0, max: stepMsMax }),
    behindMs: fc.integer({ min: 0, max: disorderMs }),
    /** 0 for no watermark behind this record. */
    watermark: fc.integer({ min: 0, max: 3 }),
  })
  return fc.array(part, { maxLength: recordsMax }).map((parts) => {
    const stream: StreamEvent<T>[] = []
    let highestMs = 0
    let watermarkMs = Number.NEGATIVE_INFINITY
    for (const { value, stepMs, behindMs, watermark } of parts) {
      highestMs += stepMs
      stream.push({ kind: 'record', value, timestampMs: highestMs - behindMs })
      const nextMs = highestMs - (late ? 0 : disorderMs) - 1
      if (watermark !== 1 || nextMs <= watermarkMs) continue
      watermarkMs = nextMs
      stream.push({ kind: 'watermark', timestampMs: nextMs })
    }
    stream.push({ kind: 'watermark', timestampMs: MAX_WATERMARK_MS })
    return stream
  })
}

/** Random cuts of `records` into batches; none is empty and all together are `records`. */
export function batchings<T>(records: readonly T[]): fc.Arbitrary<readonly (readonly T[])[]> {
  const cuts = fc.array(fc.boolean(), { minLength: records.length, maxLength: records.length })
  return cuts.map((cutBefore) => {
    const batches: T[][] = []
    for (const [index, record] of records.entries()) {
      if (index === 0 || cutBefore[index]) batches.push([])
      batches.at(-1)?.push(record)
    }
    return batches
  })
}

/** A few short keys, so that records meet: `a`, `b`, ... */
export function fewKeys(count = 4): fc.Arbitrary<string> {
  return fc.integer({ min: 0, max: count - 1 }).map((index) => String.fromCharCode(97 + index))
}

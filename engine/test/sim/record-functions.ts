import type { SimRecord } from './pipeline-description.ts'

/**
 * What user code of the pipelines does to single records. Pure; the pipelines and the reference
 * share them, because they are no part of the engine.
 */

/** Keeps numbers small enough to be exact. */
const MODULUS = 1_000_003

export function mapped(record: SimRecord, add: number): SimRecord {
  return { ...record, n: record.n + add }
}

export function isKept(record: SimRecord, modulus: number): boolean {
  return checksum(record.id) % modulus !== 0
}

export function copies(record: SimRecord, count: number): readonly SimRecord[] {
  return Array.from({ length: count }, (_, index) => ({
    ...record,
    id: `${record.id}/${index}`,
    n: record.n + index,
  }))
}

export function rekeyed(record: SimRecord, keyCount: number): SimRecord {
  return { ...record, key: `r${checksum(record.id) % keyCount}` }
}

/** The copy that a self-union adds; `index` is the number of the stage. */
export function variant(record: SimRecord, index: number): SimRecord {
  return { ...record, id: `${record.id}'${index}`, n: record.n + 100 }
}

export function joined(left: SimRecord, right: SimRecord): SimRecord {
  return { id: `${left.id}*${right.id}`, key: left.key, n: (left.n * right.n) % MODULUS }
}

export function counted(key: string, count: number): SimRecord {
  return { id: `c:${key}:${count}`, key, n: count }
}

export function summed(left: SimRecord, right: SimRecord): SimRecord {
  return { id: right.id, key: right.key, n: (left.n + right.n) % MODULUS }
}

export function following(previousN: number, record: SimRecord): SimRecord {
  return { ...record, n: (record.n * 31 + previousN) % MODULUS }
}

export function bucketEndMs(timestampMs: number, sizeMs: number): number {
  return (Math.floor(timestampMs / sizeMs) + 1) * sizeMs
}

export function bucketResult(key: string, endMs: number, sum: number): SimRecord {
  return { id: `b:${key}:${endMs}`, key, n: sum }
}

export function windowResult(key: string, startMs: number, endMs: number, sum: number): SimRecord {
  return { id: `w:${key}:${startMs}:${endMs}`, key, n: sum }
}

export function lateResult(record: SimRecord): SimRecord {
  return { ...record, id: `late:${record.id}` }
}

/** The line that stands for a record in every output. */
export function lineOf(record: SimRecord): string {
  return `${record.id}|${record.key}|${record.n}`
}

function checksum(text: string): number {
  let sum = 7
  for (let index = 0; index < text.length; index++) {
    sum = (sum * 31 + text.charCodeAt(index)) % MODULUS
  }
  return sum
}

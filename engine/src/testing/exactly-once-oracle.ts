import { canonicalText } from './canonical-text.ts'
import { contractViolation } from './contract-violation.ts'

/** What {@link checkExactlyOnce} compares. */
export interface ExactlyOnceCheck<T> {
  /** The whole answer of a reference that never fails, in any order. */
  readonly expected: readonly T[]
  /** What was committed, in the order in which it became visible. */
  readonly committed: readonly T[]
  /** What makes a record itself; its whole value by default. */
  readonly idOf?: (record: T) => string
  /** Where order is promised: the sequence a record belongs to, and its place in it. */
  readonly orderOf?: (record: T) => { readonly sequence: string; readonly position: number }
  /** False while the job still runs: what is missing may yet come. Default true. */
  readonly drained?: boolean
}

/** What was wrong, counted; all zero for exactly once. */
export interface ExactlyOnceCounts {
  readonly expected: number
  readonly committed: number
  readonly lost: number
  readonly duplicated: number
  /** Committed records that the reference never makes. */
  readonly unexpected: number
  readonly outOfOrder: number
}

/** The verdict of {@link checkExactlyOnce}. */
export interface ExactlyOnceReport {
  readonly counts: ExactlyOnceCounts
  readonly isExact: boolean
  /** The counters, also those at zero, and the first records that are wrong. */
  readonly text: string
}

const EXAMPLES_MAX = 5

/**
 * Compares what a job has committed with the reference's answer, as multisets and in order.
 *
 * ```ts
 * const report = checkExactlyOnce({ expected: ['a', 'b'], committed: ['a', 'a'] })
 * report.counts.lost // => 1
 * report.counts.duplicated // => 1
 * report.isExact // => false
 * ```
 */
export function checkExactlyOnce<T>(check: ExactlyOnceCheck<T>): ExactlyOnceReport {
  const idOf = check.idOf ?? canonicalText
  const left = new Map<string, number>()
  for (const record of check.expected) count(left, idOf(record), 1)
  const known = new Set(left.keys())
  const duplicated: string[] = []
  const unexpected: string[] = []
  for (const record of check.committed) {
    const id = idOf(record)
    if (!known.has(id)) unexpected.push(id)
    else if ((left.get(id) as number) === 0) duplicated.push(id)
    else count(left, id, -1)
  }
  const lost = check.drained === false ? [] : repeated(left)
  const outOfOrder = findOutOfOrder(check, idOf)
  const counts: ExactlyOnceCounts = {
    expected: check.expected.length,
    committed: check.committed.length,
    lost: lost.length,
    duplicated: duplicated.length,
    unexpected: unexpected.length,
    outOfOrder: outOfOrder.length,
  }
  const text = [
    `EXPECTED ${counts.expected} COMMITTED ${counts.committed}`,
    section('LOST', lost),
    section('DUPLICATED', duplicated),
    section('UNEXPECTED', unexpected),
    section('OUT_OF_ORDER', outOfOrder),
  ].join(' ')
  const wrong = counts.lost + counts.duplicated + counts.unexpected + counts.outOfOrder
  return { counts, isExact: wrong === 0, text }
}

/**
 * As {@link checkExactlyOnce}, for tests.
 *
 * ```ts
 * assertExactlyOnce({ expected: ['a', 'b'], committed: ['b', 'a'] })
 * assertExactlyOnce({ expected: ['a', 'b'], committed: ['a'] }) // throws CONTRACT_VIOLATION
 * ```
 * @throws CONTRACT_VIOLATION with the counters if the output is not exactly once
 */
export function assertExactlyOnce<T>(check: ExactlyOnceCheck<T>): ExactlyOnceReport {
  const report = checkExactlyOnce(check)
  if (!report.isExact) throw contractViolation(`the output is not exactly once: ${report.text}`)
  return report
}

function findOutOfOrder<T>(
  check: ExactlyOnceCheck<T>,
  idOf: (record: T) => string,
): readonly string[] {
  const { orderOf } = check
  if (orderOf === undefined) return []
  const highest = new Map<string, number>()
  const seen = new Set<string>()
  const outOfOrder: string[] = []
  for (const record of check.committed) {
    const id = idOf(record)
    if (seen.has(id)) continue // a duplicate is counted as such, and once
    seen.add(id)
    const { sequence, position } = orderOf(record)
    const before = highest.get(sequence) ?? Number.NEGATIVE_INFINITY
    if (position < before) outOfOrder.push(id)
    else highest.set(sequence, position)
  }
  return outOfOrder
}

function count(counts: Map<string, number>, id: string, change: number): void {
  counts.set(id, (counts.get(id) ?? 0) + change)
}

function repeated(counts: ReadonlyMap<string, number>): readonly string[] {
  return [...counts].flatMap(([id, times]) => new Array<string>(times).fill(id))
}

function section(name: string, ids: readonly string[]): string {
  if (ids.length === 0) return `${name} 0`
  const more = ids.length > EXAMPLES_MAX ? ', ...' : ''
  return `${name} ${ids.length} (${ids.slice(0, EXAMPLES_MAX).join(', ')}${more})`
}

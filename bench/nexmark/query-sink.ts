import type { JobClient, Sink } from '@millrace/engine'
import { MultisetDigest } from '../digest/multiset-digest.ts'
import { RowHash } from '../digest/row-hash.ts'
import type { AnyNexmarkQuery, Change } from './queries/nexmark-query.ts'

const NAME = 'Query Digest'

/**
 * Digests what a query emits and drops it. Each subtask has a digest of its own, in whatever thread
 * it runs; metrics bring them together.
 */
export function querySink(query: AnyNexmarkQuery): Sink<unknown> {
  return {
    name: NAME,
    createWriter: ({ metrics }) => {
      const digest = new MultisetDigest()
      metrics.gauge('rows', () => digest.sums.rows)
      metrics.gauge('low', () => digest.sums.low)
      metrics.gauge('high', () => digest.sums.high)
      return {
        write: adderOf(query, digest),
        prepareCommit: () => [],
        snapshotState: () => [],
        endInput: () => {},
        close: () => {},
      }
    },
  }
}

/** The digest of all subtasks of a job that has ended. */
export function digestOf(client: JobClient): MultisetDigest {
  const digest = new MultisetDigest()
  for (const { operatorName, values } of client.metrics()) {
    const { rows, low, high } = values
    if (operatorName !== NAME) continue
    digest.addAll({ rows: rows as number, low: low as number, high: high as number })
  }
  return digest
}

/** Adds what a query emits to a digest. */
export function adderOf(
  { kind, hash: hashRow }: AnyNexmarkQuery,
  digest: MultisetDigest,
): (result: unknown) => void {
  const hash = new RowHash()
  const wordOf = (row: unknown): number => hashRow(row, hash.begin()).word
  if (kind === 'appending') return (row) => digest.add(wordOf(row))
  return (change) => {
    const { before, after } = change as Change<unknown>
    if (before !== undefined) digest.remove(wordOf(before))
    digest.add(wordOf(after))
  }
}

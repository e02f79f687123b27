import type { AnyNexmarkQuery, Change } from '../queries/nexmark-query.ts'

/** The result table of a query: its rows as texts, sorted. */
export type ResultTable = readonly string[]

/**
 * What is left when all results of a query are applied.
 *
 * @throws Error if a change takes back a row that is not there
 */
export function tableOf({ kind }: AnyNexmarkQuery, results: readonly unknown[]): ResultTable {
  const textOf = (row: unknown): string => JSON.stringify(columnsOf(row as object))
  if (kind === 'appending') return results.map(textOf).sort()
  const table = new Map<string, number>()
  const change = (row: unknown, by: 1 | -1): void => {
    const text = textOf(row)
    table.set(text, (table.get(text) ?? 0) + by)
  }
  for (const { before, after } of results as readonly Change<unknown>[]) {
    if (before !== undefined) change(before, -1)
    change(after, 1)
  }
  return [...table]
    .flatMap(([text, count]) => {
      if (count < 0) throw new Error(`taken back more often than added: ${text}`)
      return Array<string>(count).fill(text)
    })
    .sort()
}

/** The values of a row, those of rows inside it too, without what tells events apart. */
function columnsOf(row: object): readonly unknown[] {
  return Object.entries(row).flatMap(([name, value]) => {
    if (name === 'kind') return []
    return typeof value === 'object' ? columnsOf(value) : [value]
  })
}

import type { OutputLines } from './reference.ts'

/** A row that is not as the reference has it. */
export interface Difference {
  readonly kind: 'lost' | 'duplicated' | 'different' | 'unexpected'
  readonly table: keyof OutputLines
  /** The row in the output; in the reference for a lost one. */
  readonly line: string
  /** What the reference has, for a row that is different. */
  readonly expected?: string
}

/** What identifies a row of a table. */
const keyOf: Readonly<Record<keyof OutputLines, (line: string) => string>> = {
  hourly: (line) => line.split(',', 2).join(','),
  daily: (line) => line.slice(0, '{"day":"2001-01-01"'.length),
  late: (line) => line.split(',', 1).join(),
}

/** Compares the output with the reference, row by row. */
export function compareOutput(reference: OutputLines, output: OutputLines): readonly Difference[] {
  return (['hourly', 'daily', 'late'] as const).flatMap((table) =>
    compareTable(table, reference[table], output[table]),
  )
}

function compareTable(
  table: keyof OutputLines,
  reference: readonly string[],
  output: readonly string[],
): readonly Difference[] {
  const differences: Difference[] = []
  const key = keyOf[table]
  const expected = new Map(reference.map((line) => [key(line), line]))
  if (expected.size !== reference.length) throw new Error(`a key of ${table} is not unique`)
  const seen = new Set<string>()
  for (const line of output) {
    const rowKey = key(line)
    const expectedLine = expected.get(rowKey)
    if (seen.has(rowKey)) differences.push({ kind: 'duplicated', table, line })
    else if (expectedLine === undefined) differences.push({ kind: 'unexpected', table, line })
    else if (expectedLine !== line) {
      differences.push({ kind: 'different', table, line, expected: expectedLine })
    }
    seen.add(rowKey)
  }
  for (const [rowKey, line] of expected) {
    if (!seen.has(rowKey)) differences.push({ kind: 'lost', table, line })
  }
  return differences
}

/** How many flights the output accounts for: those counted in an hour, and those that were late. */
export function recordCount(output: OutputLines): number {
  let count = output.late.length
  for (const line of output.hourly) count += Number(line.split(',', 3)[2])
  return count
}

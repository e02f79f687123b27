import type { CommittedOutput } from './committed-output.ts'
import { compareOutput, type Difference, recordCount } from './compare-output.ts'
import type { OutputLines } from './reference.ts'

/** Whether the output is right, and what to say about it. */
export interface Verdict {
  readonly isOk: boolean
  /** What is wrong, a line each; empty if nothing is. */
  readonly details: readonly string[]
  /** The line that closes the run. */
  readonly lastLine: string
}

/** How many rows that differ are shown. */
const SHOWN_MAX = 20

/** Judges the committed output of a run. */
export function verdictOf(
  reference: OutputLines,
  { lines, leftovers }: CommittedOutput,
  run: { readonly records: number; readonly kills: number },
): Verdict {
  const differences = compareOutput(reference, lines)
  const records = recordCount(lines)
  const isOk = differences.length === 0 && leftovers.length === 0 && records === run.records
  const count = (...kinds: readonly Difference['kind'][]): number =>
    differences.filter(({ kind }) => kinds.includes(kind)).length
  const counts = `${count('lost')} lost, ${count('duplicated')} duplicated`
  const what = `${records} records, ${run.kills} kills, ${counts}`
  const other = `, ${count('different', 'unexpected')} different, ${leftovers.length} left over`
  return {
    isOk,
    details: [
      ...differences.slice(0, SHOWN_MAX).map(describe),
      ...(differences.length > SHOWN_MAX
        ? [`... and ${differences.length - SHOWN_MAX} more rows`]
        : []),
      ...leftovers.map((file) => `left over: ${file}`),
      ...(records === run.records ? [] : [`the output accounts for ${records} of ${run.records}`]),
    ],
    lastLine: `exactly-once: ${isOk ? 'OK' : 'FAILED'} (${what}${isOk ? '' : other})`,
  }
}

function describe({ kind, table, line, expected }: Difference): string {
  const text = `${table}: ${kind}: ${line}`
  return expected === undefined ? text : `${text}\n  expected: ${expected}`
}

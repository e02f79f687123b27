import type { ChildReport } from './suite.ts'

/** A sample is measured again at most this often. */
const MAX_ATTEMPTS = 3

/**
 * Takes `repeats` samples of each of `names` in turn (A, B, A, B), so that a machine that becomes
 * slower does so for all of them. A report with a void sample is kept, and taken again.
 *
 * @returns all reports by name, void ones included
 */
export async function interleaved(
  names: readonly string[],
  repeats: number,
  take: (name: string) => Promise<ChildReport>,
  progress: (line: string) => void,
): Promise<ReadonlyMap<string, readonly ChildReport[]>> {
  const reports = new Map<string, ChildReport[]>(names.map((name) => [name, []]))
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const name of names) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        const report = await take(name)
        reports.get(name)?.push(report)
        const reason = voidOf(report)
        const figures = Object.entries(report.samples).map(
          ([of, { value }]) => `${of} ${formatValue(value)}`,
        )
        const suffix = reason === null ? '' : ` (void: ${reason})`
        progress(`${name} ${repeat}/${repeats}: ${figures.join(', ')}${suffix}`)
        if (reason === null) break
      }
    }
  }
  return reports
}

/** Why a report does not count; `null` if all its samples do. */
export function voidOf(report: ChildReport): string | null {
  return Object.values(report.samples).find((sample) => sample.void !== null)?.void ?? null
}

/** A figure as people read it. */
export function formatValue(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`
  return value >= 100 ? value.toFixed(0) : value.toFixed(3)
}

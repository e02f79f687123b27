import type { ChildReport } from './suite.ts'

/** A sample is measured again at most this often. */
const MAX_ATTEMPTS = 3

/** Told which case failed, and why. */
export type OnFailure = (name: string, error: unknown) => void

/** How samples are taken in turn. */
export interface TurnOptions {
  readonly repeats: number
  readonly take: (name: string) => Promise<ChildReport>
  readonly progress: (line: string) => void
  /** Ends it early. */
  readonly signal?: AbortSignal
  /** Told which sample failed, so that the others go on; without it the first failure ends all. */
  readonly onFailure?: OnFailure
}

/**
 * Takes `repeats` samples of each of `names` in turn (A, B, A, B), so that a machine that becomes
 * slower does so for all of them. A report with a void sample is kept, and taken again.
 *
 * Once the signal is given no further sample is taken, and one that fails then is forgotten. A case
 * of which a sample fails is not asked again and has no reports: it has no figure that counts.
 *
 * @returns all reports by name, void ones included
 */
export async function interleaved(
  names: readonly string[],
  { repeats, take, progress, signal, onFailure }: TurnOptions,
): Promise<ReadonlyMap<string, readonly ChildReport[]>> {
  const reports = new Map<string, ChildReport[]>(names.map((name) => [name, []]))
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const name of reports.keys()) {
      for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
        if (signal?.aborted) return reports
        const report = await take(name).catch((error: unknown) => {
          if (signal?.aborted) return
          if (onFailure === undefined) throw error
          onFailure(name, error)
          reports.delete(name)
        })
        if (report === undefined) break
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

/** Keeps the cases that fail: what took an hour to measure is not lost because of one of them. */
export function failures(progress: (line: string) => void): {
  readonly failed: readonly string[]
  readonly onFailure: OnFailure
} {
  const failed: string[] = []
  const onFailure: OnFailure = (name, error) => {
    failed.push(name)
    progress(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return { failed, onFailure }
}

/** A case was asked for that the suite does not have. */
export class UnknownCase extends RangeError {
  override readonly name = 'UnknownCase'
}

/** The names asked for, in their order; all if none are. @throws UnknownCase */
export function chosen(names: readonly string[], only: readonly string[]): readonly string[] {
  const unknown = only.filter((name) => !names.includes(name))
  if (unknown.length > 0) {
    throw new UnknownCase(`there is no case ${unknown.join(', ')}; there are ${names.join(', ')}`)
  }
  return only.length === 0 ? names : names.filter((name) => only.includes(name))
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

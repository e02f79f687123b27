/** One broken rule at one place. */
export interface Violation {
  /** Path relative to the repository, with `/`. */
  readonly file: string
  /** Line, counted from 1; 1 when the whole file is meant. */
  readonly line: number
  /** Short name of the rule, for example `layer`. */
  readonly rule: string
  /** What is wrong and what to do. */
  readonly message: string
}

/** The line that a checker prints for a violation. */
export function formatViolation(violation: Violation): string {
  return `${violation.file}:${violation.line} ${violation.rule}: ${violation.message}`
}

/**
 * Prints violations in the order of files and sets the exit code of the process.
 *
 * @param title what was checked, for the line that closes a clean run
 */
export function reportViolations(title: string, violations: readonly Violation[]): void {
  const sorted = [...violations].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.rule.localeCompare(b.rule),
  )
  for (const violation of sorted) console.log(formatViolation(violation))
  if (sorted.length === 0) console.log(`${title}: no violation`)
  else console.log(`${title}: ${sorted.length} violation${sorted.length === 1 ? '' : 's'}`)
  process.exitCode = sorted.length === 0 ? 0 : 1
}

/** How two multisets of texts differ. Both lists are empty if they are equal. */
export interface MultisetDifference {
  /** In the first, not (or less often) in the second; one entry per occurrence. */
  readonly missing: readonly string[]
  /** In the second, not (or less often) in the first; one entry per occurrence. */
  readonly extra: readonly string[]
}

/** Compares two multisets: order does not matter, how often a text occurs does. */
export function multisetDifference(
  expected: readonly string[],
  actual: readonly string[],
): MultisetDifference {
  const counts = new Map<string, number>()
  for (const text of expected) counts.set(text, (counts.get(text) ?? 0) + 1)
  const extra: string[] = []
  for (const text of actual) {
    const count = counts.get(text) ?? 0
    if (count === 0) extra.push(text)
    else counts.set(text, count - 1)
  }
  const missing: string[] = []
  for (const [text, count] of counts) for (let i = 0; i < count; i++) missing.push(text)
  return { missing, extra }
}

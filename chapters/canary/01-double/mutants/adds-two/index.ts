// @kills "step 1: doubles"

/** Wrong: right for 2 only. */
export function double(value: number): number {
  return value + 2
}

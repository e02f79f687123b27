/** Returns twice the number. */
export function double(value: number): number {
  return 2 * value
}

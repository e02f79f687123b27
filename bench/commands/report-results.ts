export function reportResults(): number {
  return 2
}

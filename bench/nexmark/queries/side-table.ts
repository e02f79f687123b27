/** How many rows the side table has: keys from 0 up. */
export const SIDE_ROWS = 10_000

/** The side table of q13 as its published file has it: lines of a key and a value. */
export function sideTableText(): string {
  return Array.from({ length: SIDE_ROWS }, (_, key) => `${key},${key}\n`).join('')
}

/** Reads the side table: the value of each key. */
export function parseSideTable(text: string): ReadonlyMap<number, string> {
  const lines = text.trimEnd().split('\n')
  return new Map(
    lines.map((line) => {
      const comma = line.indexOf(',')
      return [Number(line.slice(0, comma)), line.slice(comma + 1)]
    }),
  )
}

import type { Item, Step } from './subject.ts'

/** What an operator sees of an input of one order. */
export type InputEvent = { readonly item: Item } | { readonly watermarkMs: number }

/** All items of an input, in order. */
export function itemsOf(steps: readonly Step[], input: 0 | 1 = 0): readonly Item[] {
  return steps.flatMap((step) => step[input])
}

/** The items of the first input with the watermarks between them, the last one included. */
export function withWatermarks(steps: readonly Step[], boundMs: number): readonly InputEvent[] {
  let watermarkMs = Number.NEGATIVE_INFINITY
  const events: InputEvent[] = []
  for (const item of itemsOf(steps)) {
    events.push({ item })
    if (item.atMs - boundMs - 1 <= watermarkMs) continue
    watermarkMs = item.atMs - boundMs - 1
    events.push({ watermarkMs })
  }
  return [...events, { watermarkMs: Number.POSITIVE_INFINITY }]
}

import type { Item } from './subject.ts'
import type { WindowShape } from './window-shapes.ts'

/** The items of one key and window. */
export interface Group {
  readonly key: string
  readonly startMs: number
  readonly endMs: number
  readonly items: readonly Item[]
}

interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** Parts items by key and window, as a plain program would that sees all of them at once. */
export function groupsOf(items: readonly Item[], shape: WindowShape): readonly Group[] {
  if (shape.kind === 'session') return sessions(items, () => shape.gapMs)
  if (shape.kind === 'dynamic-session') return sessions(items, ({ n }) => n * shape.gapMs)
  return groupedBy(items, ({ atMs }) => spansOf(atMs, shape))
}

/** Groups by key and by the spans that each item is in. */
export function groupedBy(
  items: readonly Item[],
  spansOfItem: (item: Item) => readonly Span[],
): readonly Group[] {
  const entries = items.flatMap((item) => spansOfItem(item).map((span) => ({ item, span })))
  const nameOf = ({ item, span }: (typeof entries)[number]): string =>
    `${item.key} ${span.startMs} ${span.endMs}`
  return [...Map.groupBy(entries, nameOf).values()].map((members) => {
    const { item, span } = members[0] as (typeof entries)[number]
    return { key: item.key, ...span, items: members.map((member) => member.item) }
  })
}

/** Every window that is wide enough to matter is tried: slow, and plainly right. */
function spansOf(atMs: number, shape: Exclude<WindowShape, { gapMs: number }>): readonly Span[] {
  const spans: Span[] = []
  const everyMs = { tumbling: 'sizeMs', sliding: 'slideMs' } as const
  if (shape.kind === 'cumulative') {
    const { stepMs, steps } = shape
    for (let startMs = 0; startMs <= atMs; startMs += stepMs * steps) {
      for (let step = 1; step <= steps; step++)
        spans.push({ startMs, endMs: startMs + step * stepMs })
    }
  } else {
    const slideMs = shape.kind === 'sliding' ? shape.slideMs : shape[everyMs[shape.kind]]
    const firstMs = shape.kind === 'tumbling' ? shape.offsetMs : 0
    for (let startMs = firstMs - 100 * slideMs; startMs <= atMs; startMs += slideMs) {
      spans.push({ startMs, endMs: startMs + shape.sizeMs })
    }
  }
  return spans.filter(({ startMs, endMs }) => startMs <= atMs && atMs < endMs)
}

/** Joins what overlaps or touches, until nothing does. */
function sessions(items: readonly Item[], gapMsOf: (item: Item) => number): readonly Group[] {
  const groups: Group[] = []
  for (const item of items) {
    let joined: Group = {
      key: item.key,
      startMs: item.atMs,
      endMs: item.atMs + gapMsOf(item),
      items: [item],
    }
    for (let i = 0; i < groups.length; ) {
      const other = groups[i] as Group
      const isApart = other.endMs < joined.startMs || other.startMs > joined.endMs
      if (other.key !== joined.key || isApart) {
        i++
        continue
      }
      groups.splice(i, 1)
      joined = {
        key: item.key,
        startMs: Math.min(other.startMs, joined.startMs),
        endMs: Math.max(other.endMs, joined.endMs),
        items: [...other.items, ...joined.items],
      }
      i = 0
    }
    groups.push(joined)
  }
  return groups
}

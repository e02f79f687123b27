import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NamespaceView } from '../../../state/keyed-state-backend.ts'
import { TimeWindow } from '../time-window.ts'
import type { WindowContents } from '../window-contents.ts'
import { PaneMerger } from './pane-merger.ts'
import { slidingPanes } from './sliding-panes.ts'
import { TwoStackMerge } from './two-stack-merge.ts'
import { WalkMerge } from './walk-merge.ts'

type Contents = WindowContents<never, unknown>

/** Contents that numbers are folded into; no merge of them is commutative. */
interface Kind extends Pick<Contents, 'merge' | 'mergeChanges'> {
  readonly of: (n: number) => unknown
  /** What a careless receiver does to a value that is its own. */
  readonly spoil?: (value: never) => void
}

/** The function `x => a * x + b`, modulo a prime; merged by running one behind the other. */
interface Line {
  a: number
  b: number
}

const PRIME = 10_007
const lineOf = (n: number): Line => ({ a: (n % 97) + 2, b: n })
const behind = (left: Line, right: Line): Line => ({
  a: (left.a * right.a) % PRIME,
  b: (left.b * right.a + right.b) % PRIME,
})
const spoilLine = (line: Line): void => void Object.assign(line, { a: 0, b: 0 })

const KINDS: Record<string, Kind> = {
  'texts, which grow': {
    mergeChanges: 'nothing',
    of: (n) => `${n} `,
    merge: (left, right) => `${left}${right}`,
  },
  'lines that are not changed': {
    mergeChanges: 'nothing',
    of: lineOf,
    merge: (left, right) => behind(left as Line, right as Line),
  },
  'lines, the left changed': {
    mergeChanges: 'value',
    of: lineOf,
    merge: (left, right) => Object.assign(left as Line, behind(left as Line, right as Line)),
    spoil: spoilLine,
  },
  'lines, both changed': {
    mergeChanges: 'both',
    of: lineOf,
    merge: (left, right) => {
      Object.assign(left as Line, behind(left as Line, right as Line))
      spoilLine(right as Line)
      return left
    },
    spoil: spoilLine,
  },
  'lists, which grow, both changed': {
    mergeChanges: 'both',
    of: (n) => [n],
    merge: (left, right) => {
      ;(left as number[]).push(...(right as number[]).splice(0))
      return left
    },
    spoil: (list: number[]) => void list.splice(0),
  },
}

/** The panes of a window operator, as plain maps. */
class Panes {
  readonly byStart = new Map<number, Map<string, unknown>>()

  readonly viewOf = (startMs: number): NamespaceView<unknown> | undefined => {
    const entries = this.byStart.get(startMs)
    if (entries === undefined) return undefined
    return {
      get: (key: string) => entries.get(key),
      forEach: (visit: (key: unknown, value: unknown) => void) =>
        entries.forEach((value, key) => visit(key, value)),
    } as NamespaceView<unknown>
  }

  add(startMs: number, key: string, n: number, kind: Kind): void {
    const entries = this.byStart.get(startMs) ?? new Map<string, unknown>()
    this.byStart.set(startMs, entries)
    const so = entries.get(key)
    entries.set(key, so === undefined ? kind.of(n) : kind.merge(so, kind.of(n)))
  }

  dropBefore(timeMs: number): void {
    for (const startMs of this.byStart.keys()) if (startMs < timeMs) this.byStart.delete(startMs)
  }

  entryCount(fromMs: number, toMs: number): number {
    let count = 0
    for (const [startMs, { size }] of this.byStart) {
      if (startMs >= fromMs && startMs < toMs) count += size
    }
    return count
  }
}

type Step =
  | { readonly kind: 'record'; readonly key: number; readonly behindMs: number }
  | { readonly kind: 'fire'; readonly slides: number }
  | { readonly kind: 'restore' | 'skip' }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      key: fc.nat(3),
      behindMs: fc.oneof(fc.nat(3), fc.integer({ min: -10, max: 60 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('fire' as const),
      slides: fc.oneof({ weight: 9, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(60) }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('restore' as const, 'skip' as const) }),
  },
)

const shapes = fc
  .record({
    sizeMs: fc.integer({ min: 2, max: 50 }),
    slide: fc.nat(8),
    offset: fc.nat(50),
  })
  .map(({ sizeMs, slide, offset }) => {
    const slideMs = 1 + (slide % (sizeMs - 1))
    return { sizeMs, slideMs, offsetMs: offset % slideMs }
  })

describe.each(Object.entries(KINDS))('two stacks, %s', (_name, kind) => {
  test('give what a walk gives, and leave the panes as they are', () => {
    fc.assert(
      fc.property(shapes, fc.array(step, { minLength: 5, maxLength: 80 }), (shape, steps) => {
        compare(kind, shape, steps)
      }),
      { seed: 21, numRuns: 400 },
    )
  })
})

/** Runs steps over panes; each window that fires is merged by two stacks and by a walk. */
function compare(
  kind: Kind,
  shape: { readonly sizeMs: number; readonly slideMs: number; readonly offsetMs: number },
  steps: readonly Step[],
): void {
  const { sizeMs, slideMs, offsetMs } = shape
  const layout = slidingPanes(shape)
  const panes = new Panes()
  const merger = new PaneMerger(kind as unknown as Contents)
  const options = { layout, merger, viewOf: panes.viewOf }
  let stacks = new TwoStackMerge(options, layout.sliding!)
  let nextMs = offsetMs - Math.ceil(sizeMs / slideMs) * slideMs
  steps.forEach((one, n) => {
    if (one.kind === 'restore') stacks = new TwoStackMerge(options, layout.sliding!)
    if (one.kind === 'skip') nextMs += slideMs // as if no pane was in the window
    if (one.kind === 'record') {
      // Panes behind the next window are given up; those in it may have been merged.
      const timestampMs = Math.max(nextMs + sizeMs - one.behindMs, nextMs)
      const pane = layout.paneOf(timestampMs)
      panes.add(pane.startMs, `k${one.key}`, n, kind)
      if (pane.firstEndMs < nextMs + sizeMs) stacks.changed(`k${one.key}`, pane)
    }
    for (let i = one.kind === 'fire' ? one.slides : 0; i > 0; i--) {
      const window = new TimeWindow(nextMs, nextMs + sizeMs)
      panes.dropBefore(nextMs)
      const before = structuredClone(panes.byStart)
      const walked = merged(new WalkMerge(options), window)
      expect(merged(stacks, window, kind.spoil)).toEqual(walked)
      expect(panes.byStart).toEqual(before)
      const entries = panes.entryCount(window.startMs, window.endMs)
      expect(stacks.mergeCount).toBeLessThanOrEqual(entries)
      nextMs += slideMs
    }
  })
}

/** The contents of a window by key, copied before they are spoilt. */
function merged(
  merge: WalkMerge | TwoStackMerge,
  window: TimeWindow,
  spoil: Kind['spoil'] = () => undefined,
): Map<unknown, unknown> {
  const found = new Map<unknown, unknown>()
  merge.forEach(window, (key, value) => {
    expect(found.has(key)).toBe(false)
    found.set(key, structuredClone(value))
    spoil(value as never)
  })
  return found
}

describe('the cost of two stacks', () => {
  const SIZE = 1_000

  /** Fires as many windows as given over panes that all hold `a`, and one more that holds `b`. */
  function fired(windows: number, kind: Kind) {
    const layout = slidingPanes({ sizeMs: SIZE, slideMs: 1, offsetMs: 0 })
    const panes = new Panes()
    let merges = 0
    const counting = {
      ...kind,
      merge: (left: unknown, right: never): unknown => {
        merges++
        return kind.merge(left, right)
      },
    }
    for (let ms = 0; ms < windows + SIZE; ms++) panes.add(ms, 'a', ms, kind)
    panes.add(10, 'b', 0, kind)
    const merger = new PaneMerger(counting as unknown as Contents)
    const options = { layout, merger, viewOf: panes.viewOf }
    const stacks = new TwoStackMerge(options, layout.sliding!)
    let [visits, mostMerges] = [0, 0]
    for (let ms = 0; ms < windows; ms++) {
      stacks.forEach(new TimeWindow(ms, ms + SIZE), () => visits++)
      mostMerges = Math.max(mostMerges, stacks.mergeCount)
    }
    return { stacks, merges, visits, mostMerges }
  }

  test('three merges per key, pane and firing', () => {
    const { merges, visits } = fired(5_000, KINDS['lines, both changed']!)
    expect(visits).toBe(5_000 + 11) // `b` leaves with its pane
    expect(merges).toBeLessThan(3 * (visits + SIZE))
  })

  test('no more merges are kept than panes of keys, and none after a reset', () => {
    const { stacks, mostMerges } = fired(3_000, KINDS['lines, both changed']!)
    expect(mostMerges).toBeLessThanOrEqual(SIZE + 1)
    stacks.reset()
    expect(stacks.mergeCount).toBe(0)
  })

  test('lists, which grow with each merge, are kept for few panes only', () => {
    const { mostMerges } = fired(20, KINDS['lists, which grow, both changed']!)
    expect(mostMerges).toBeLessThan(5)
  })
})

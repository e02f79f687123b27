import fc from 'fast-check'
import {
  type DataStream,
  dynamicProcessingTimeSessionWindows,
  processingTimeSessionWindows,
  slidingProcessingTimeWindows,
  type TimeWindow,
  tumblingProcessingTimeWindows,
  type WindowAssigner,
} from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  BY_CLOCK,
  type Item,
  type JobParts,
  keyedItems,
  PUNCTUAL_STEP_MS,
  type Step,
} from './subject.ts'

/** Windows of the clock whose ends lie in the middle between two steps; sizes in steps. */
interface ClockWindows {
  readonly kind: 'tumbling' | 'sliding' | 'session' | 'dynamic-session'
  readonly steps: number
}

/** Gaps end between two steps; aligned windows do, as the first step is half a step into one. */
const OFFSET_MS = PUNCTUAL_STEP_MS / 2

function assignerOf({ kind, steps }: ClockWindows): WindowAssigner<Item, TimeWindow> {
  const sizeMs = steps * PUNCTUAL_STEP_MS
  switch (kind) {
    case 'tumbling':
      return tumblingProcessingTimeWindows(sizeMs)
    case 'sliding':
      return slidingProcessingTimeWindows(sizeMs, PUNCTUAL_STEP_MS)
    case 'session':
      return processingTimeSessionWindows(sizeMs - OFFSET_MS)
    case 'dynamic-session':
      return dynamicProcessingTimeSessionWindows(
        ({ n }) => gapStepsOf(n) * PUNCTUAL_STEP_MS - OFFSET_MS,
      )
  }
}

const gapStepsOf = (n: number): number => 1 + (n % 3)

const windowed = (parts: JobParts, windows: ClockWindows): DataStream<string> =>
  keyedItems(parts)
    .window(assignerOf(windows))
    .process<string>((key, _, items, out) => out.collect(textOf(key, [...items])))

function textOf(key: string, items: readonly Item[]): string {
  return `${key} ${items.map(({ id }) => id).sort((left, right) => left - right)}`
}

/** The first step is half a step into the first window of the clock. */
function reference(windows: ClockWindows, steps: readonly Step[]): readonly string[] {
  const keys = [...new Set(itemsOf(steps).map(({ key }) => key))]
  return keys.flatMap((key) => {
    const own = steps.map(([items]) => items.filter((item) => item.key === key))
    const groups = windows.kind.endsWith('session') ? sessions(own, windows) : aligned(own, windows)
    return groups.filter((items) => items.length > 0).map((items) => textOf(key, items))
  })
}

/** A window that has not ended with the last step does not fire. */
function aligned(
  own: readonly (readonly Item[])[],
  { kind, steps }: ClockWindows,
): readonly Item[][] {
  const windows: Item[][] = []
  const slide = kind === 'sliding' ? 1 : steps
  for (let start = -10 * steps; start + steps <= own.length; start += slide) {
    windows.push(own.slice(Math.max(0, start), Math.max(0, start + steps)).flat())
  }
  return windows
}

function sessions(
  own: readonly (readonly Item[])[],
  { kind, steps }: ClockWindows,
): readonly Item[][] {
  const done: Item[][] = []
  let open: { readonly items: Item[]; until: number } | undefined
  for (const [step, items] of own.entries()) {
    if (open !== undefined && open.until < step) {
      done.push(open.items)
      open = undefined
    }
    for (const item of items) {
      const gap = kind === 'session' ? steps : gapStepsOf(item.n)
      open ??= { items: [], until: 0 }
      open.items.push(item)
      open.until = Math.max(open.until, step + gap - 0.5)
    }
  }
  if (open !== undefined && open.until < own.length) done.push(open.items)
  return done
}

testRelations<ClockWindows>({
  name: 'TIM-02, WIN-01, WIN-02, WIN-03, WIN-04 windows by the clock',
  descriptions: fc.record({
    kind: fc.constantFrom('tumbling', 'sliding', 'session', 'dynamic-session'),
    steps: fc.integer({ min: 1, max: 2 }),
  }),
  relations: BY_CLOCK,
  items: { countMax: 12 },
  build: windowed,
  expected: reference,
  canaries: {
    'windows are a step longer': (parts, windows) =>
      windowed(parts, { ...windows, steps: windows.steps + 1 }),
  },
})

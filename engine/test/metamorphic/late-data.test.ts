import fc from 'fast-check'
import {
  type DataStream,
  outputTag,
  type TimeWindow,
  type WindowedStream,
} from '../../src/index.ts'
import { withWatermarks } from './reference-events.ts'
import { groupsOf } from './reference-groups.ts'
import { testRelations } from './relations.ts'
import { IN_ONE_ORDER, type Item, type JobParts, keyedItems, type Step } from './subject.ts'
import { assignerOf, type WindowShape, windowShapes } from './window-shapes.ts'

interface LateWindows {
  readonly shape: WindowShape
  readonly latenessMs: number
  readonly emission: 'accumulating' | 'discarding' | 'retracting'
}

const BOUND_MS = 4

const descriptions: fc.Arbitrary<LateWindows> = fc.record({
  shape: windowShapes('tumbling', 'sliding', 'cumulative', 'session', 'dynamic-session'),
  latenessMs: fc.constantFrom(0, 3, 10, 25),
  emission: fc.constantFrom('accumulating', 'discarding', 'retracting'),
})

const late = outputTag<Item>('late')

function results(parts: JobParts, windows: LateWindows): DataStream<string> {
  const { shape, latenessMs, emission } = windows
  const windowed = keyedItems(parts)
    .window(assignerOf(shape))
    .allowedLateness(latenessMs)
    .sideOutputLateData(late)
  const texts = (stream: WindowedStream<Item, string, TimeWindow>): DataStream<string> =>
    stream.process<string>((key, { window }, items, out) =>
      out.collect(textOf(key, window.startMs, window.endMs, [...items])),
    )
  if (emission !== 'retracting') {
    const stream = texts(windowed.emission(emission) as typeof windowed)
    return stream.union(stream.getSideOutput(late).map(({ id }) => `late ${id}`))
  }
  const changes = windowed
    .emission('retracting')
    .process<string>((key, { window }, items, out) =>
      out.collect(textOf(key, window.startMs, window.endMs, [...items])),
    )
  return changes
    .map(({ kind, value }) => `${kind} ${value}`)
    .union(changes.getSideOutput(late).map(({ id }) => `late ${id}`))
}

function textOf(key: string, startMs: number, endMs: number, items: readonly Item[]): string {
  const ids = items.map(({ id }) => id).sort((left, right) => left - right)
  return `${key} [${startMs}, ${endMs}) ${ids}`
}

/** A window with what came since it fired, and with what it has emitted. */
interface Live {
  readonly key: string
  readonly startMs: number
  readonly endMs: number
  items: readonly Item[]
  standing: readonly string[]
}

/** Takes records and watermarks one by one, as the documentation says. */
function reference(windows: LateWindows, steps: readonly Step[]): readonly string[] {
  const { shape, latenessMs, emission } = windows
  const found: string[] = []
  let live: Live[] = []
  let nowMs = Number.NEGATIVE_INFINITY
  const isOver = ({ endMs }: { endMs: number }): boolean => endMs - 1 + latenessMs <= nowMs
  const fire = (window: Live): void => {
    if (window.items.length === 0) return
    const text = textOf(window.key, window.startMs, window.endMs, window.items)
    if (emission === 'retracting') {
      found.push(...window.standing.map((old) => `retract ${old}`), `add ${text}`)
      window.standing = [text]
    } else found.push(text)
    if (emission === 'discarding') window.items = []
  }
  const take = (assigned: Live): boolean => {
    const own = live.filter((window) => isSame(window, assigned, 'gapMs' in shape))
    const joined = own.reduce(cover, assigned)
    if (isOver(joined)) return false
    live = [...live.filter((window) => !own.includes(window)), joined]
    if (joined.endMs - 1 <= nowMs) fire(joined)
    return true
  }
  for (const event of withWatermarks(steps, BOUND_MS)) {
    if ('item' in event) {
      const { item } = event
      const groups = groupsOf([item], shape)
      const taken = groups.filter((group) => take({ ...group, standing: [] }))
      if (taken.length === 0 && item.atMs + latenessMs <= nowMs) found.push(`late ${item.id}`)
    } else {
      const { watermarkMs } = event
      const due = live.filter(({ endMs }) => endMs - 1 > nowMs && endMs - 1 <= watermarkMs)
      due.forEach(fire)
      nowMs = watermarkMs
      live = live.filter((window) => !isOver(window))
    }
  }
  return found
}

function isSame(left: Live, right: Live, merges: boolean): boolean {
  if (left.key !== right.key) return false
  if (merges) return left.startMs <= right.endMs && left.endMs >= right.startMs
  return left.startMs === right.startMs && left.endMs === right.endMs
}

function cover(left: Live, right: Live): Live {
  return {
    key: left.key,
    startMs: Math.min(left.startMs, right.startMs),
    endMs: Math.max(left.endMs, right.endMs),
    items: [...left.items, ...right.items],
    standing: [...left.standing, ...right.standing],
  }
}

testRelations<LateWindows>(
  {
    name: 'WIN-23, WIN-24, WIN-25 late records, lateness and emission',
    descriptions,
    relations: IN_ONE_ORDER,
    items: { boundMs: BOUND_MS, lastMs: 60 },
    build: results,
    expected: reference,
    canaries: {
      'the lateness is off by one': (parts, windows) =>
        results(parts, { ...windows, latenessMs: windows.latenessMs + 1 }),
      'what was emitted is emitted again': (parts, windows) =>
        results(parts, {
          ...windows,
          emission: windows.emission === 'discarding' ? 'accumulating' : windows.emission,
        }),
    },
  },
  80,
)

import fc from 'fast-check'
import {
  type AggregateFunction,
  type Collector,
  type DataStream,
  type Emitted,
  outputTag,
  type ProcessWindowContext,
  type TimeWindow,
  types,
  type WindowEmission,
  type WindowedStream,
} from '../../src/index.ts'
import { withWatermarks } from './reference-events.ts'
import { groupsOf } from './reference-groups.ts'
import { testRelations } from './relations.ts'
import {
  IN_ONE_ORDER,
  type Item,
  type JobParts,
  keyedItems,
  type Step,
  withIdleInput,
} from './subject.ts'
import { assignerOf, type WindowShape, windowShapes } from './window-shapes.ts'

interface LateWindows {
  readonly shape: WindowShape
  readonly latenessMs: number
  readonly emission: 'accumulating' | 'discarding' | 'retracting'
  /** Whether state holds the records, or what an aggregate makes of them. */
  readonly way: 'process' | 'aggregate'
  /** Whether it aggregates in two phases, where it can. */
  readonly twoPhase: boolean
}

const BOUND_MS = 4

const descriptions: fc.Arbitrary<LateWindows> = fc.record({
  shape: windowShapes('tumbling', 'sliding', 'cumulative', 'session', 'dynamic-session'),
  latenessMs: fc.constantFrom(0, 3, 10, 25),
  emission: fc.constantFrom('accumulating', 'discarding', 'retracting'),
  way: fc.constantFrom('process', 'aggregate'),
  twoPhase: fc.boolean(),
})

function isTwoPhase({ shape, way, twoPhase }: LateWindows): boolean {
  return twoPhase && way === 'aggregate' && !('gapMs' in shape)
}

const late = outputTag<Item>('late')

const listed: AggregateFunction<Item, number[], readonly number[]> = {
  accumulatorType: types.array(types.int),
  createAccumulator: () => [],
  add: ({ id }, ids) => ids.concat(id),
  merge: (left, right) => [...left, ...right],
  getResult: (ids) => ids,
}

function texts<E extends WindowEmission>(
  stream: WindowedStream<Item, string, TimeWindow, E>,
  way: LateWindows['way'],
): DataStream<Emitted<string, E>> {
  type Context = ProcessWindowContext<TimeWindow>
  type Out = Collector<string>
  if (way === 'process') {
    return stream.process<string>((key, { window }: Context, items, out: Out) => {
      const ids = [...items].map(({ id }) => id)
      out.collect(textOf(key, window.startMs, window.endMs, ids))
    })
  }
  return stream.aggregate<number[], readonly number[], string>(
    listed,
    (key, { window }: Context, [ids], out: Out) => {
      out.collect(textOf(key, window.startMs, window.endMs, ids ?? []))
    },
  )
}

function results(parts: JobParts, windows: LateWindows): DataStream<string> {
  const { shape, latenessMs, emission, way } = windows
  const assigned = keyedItems(parts)
    .window(assignerOf(shape))
    .allowedLateness(latenessMs)
    .sideOutputLateData(late)
  const windowed = isTwoPhase(windows) ? assigned.twoPhase({ entriesMax: 3 }) : assigned
  if (emission === 'retracting') {
    const changes = texts(windowed.emission(emission), way)
    return withLate(
      changes.map(({ kind, value }) => `${kind} ${value}`),
      changes.getSideOutput(late),
    )
  }
  const stream = texts(windowed.emission(emission), way)
  return withLate(stream, stream.getSideOutput(late))
}

function withLate(stream: DataStream<string>, records: DataStream<Item>): DataStream<string> {
  return stream.union(records.map(({ id }) => `late ${id}`))
}

function textOf(key: string, startMs: number, endMs: number, ids: readonly number[]): string {
  return `${key} [${startMs}, ${endMs}) ${[...ids].sort((left, right) => left - right)}`
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
    const ids = window.items.map(({ id }) => id)
    const text = textOf(window.key, window.startMs, window.endMs, ids)
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
    relations: withIdleInput(IN_ONE_ORDER),
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

import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import { valueState } from '../../state/state-descriptor.ts'
import type { HarnessMode } from '../../testing/harness-mode.ts'
import { ManualTime } from '../../testing/manual-time.ts'
import { type OperatorHarness, operatorHarness } from '../../testing/operator-harness.ts'
import { types } from '../../types/types.ts'
import { slidingProcessingTimeWindows } from './assigners/sliding-processing-time-windows.ts'
import { tumblingProcessingTimeWindows } from './assigners/tumbling-processing-time-windows.ts'
import type { TimeWindow } from './time-window.ts'
import type { WindowAssigner } from './window-assigner.ts'
import type { WindowComputation } from './window-function.ts'
import { windowOperator } from './window-operator.ts'

interface Rec {
  readonly key: number
  readonly id: number
}

/** A batch of records, time that passes, or a crash after a snapshot. */
type Step =
  | { readonly keys: readonly number[] }
  | { readonly passMs: number }
  | { readonly parallelism: number }

type Path = 'auto' | 'general'

interface Shape {
  readonly sizeMs: number
  readonly slideMs: number
  readonly offsetMs: number
}

const START_MS = 1_000

const shapes: fc.Arbitrary<Shape> = fc
  .record({
    sizeMs: fc.integer({ min: 1, max: 12 }),
    slide: fc.integer({ min: 1, max: 15 }),
    offset: fc.nat(14),
  })
  .map(({ sizeMs, slide, offset }) => {
    const slideMs = slide > 10 ? sizeMs : slide // some tumble, some leave gaps
    return { sizeMs, slideMs, offsetMs: offset % slideMs }
  })

const batch = fc.record({ keys: fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }) })
/** So many keys that their entries go over to a typed table. */
const largeBatch = fc.record({ keys: fc.constant(Array.from({ length: 200 }, (_, n) => n)) })
const pass = fc.record({ passMs: fc.integer({ min: 1, max: 12 }) })
const crash = fc.record({ parallelism: fc.integer({ min: 1, max: 3 }) })

const CALM = [
  { weight: 12, arbitrary: batch },
  { weight: 1, arbitrary: largeBatch },
  { weight: 6, arbitrary: pass },
] as const
const calm = fc.array<Step>(fc.oneof(...CALM), { maxLength: 30 })
const stormy = fc.array<Step>(fc.oneof(...CALM, { weight: 4, arbitrary: crash }), { maxLength: 30 })

/** Collects ids in an accumulator that is changed in place: the hardest case for snapshots. */
const collectIds: AggregateFunction<Rec, { ids: number[] }, readonly number[]> = {
  createAccumulator: () => ({ ids: [] }),
  add: (value, accumulator) => {
    accumulator.ids.push(value.id)
    return accumulator
  },
  getResult: (accumulator) => [...accumulator.ids],
  merge: () => expect.unreachable('windows that do not merge'),
  accumulatorType: types.row({ ids: types.array(types.int) }),
}

const SEEN = valueState<number>('seen', { type: types.int })

const COMPUTATIONS: Record<string, WindowComputation<Rec, never, string, number, TimeWindow>> = {
  aggregate: {
    kind: 'aggregate',
    aggregate: collectIds as AggregateFunction<Rec, never, unknown>,
    process: (key, { window }, elements: Iterable<readonly number[]>, out) => {
      for (const ids of elements) out.collect(`${key}${window}: ${ids}`)
    },
  },
  process: {
    kind: 'process',
    process: {
      process: (key, { window, windowState }, elements, out) => {
        const ids = [...elements].map(({ id }) => id)
        windowState.getState(SEEN).update(ids.length)
        out.collect(`${key}${window}: ${ids}`)
      },
      clear: (_key, { windowState }) => windowState.getState(SEEN).clear(),
    },
  },
}

function assignerOf({ sizeMs, slideMs, offsetMs }: Shape): WindowAssigner<Rec, TimeWindow> {
  if (slideMs === sizeMs) return tumblingProcessingTimeWindows(sizeMs, { offsetMs })
  return slidingProcessingTimeWindows(sizeMs, slideMs, { offsetMs })
}

function harnessOf(
  shape: Shape,
  computation: string,
  path: Path,
  modes: 'all' | readonly HarnessMode[] = ['plain'],
): OperatorHarness<Rec, string> {
  const operator = windowOperator({
    keySelector: ({ key }: Rec) => key,
    assigner: assignerOf(shape),
    computation: COMPUTATIONS[computation]!,
    path,
  })
  const keyBy = ({ key }: Rec): number => key
  return operatorHarness<Rec, string>({ operator, keyBy, modes, startMs: START_MS })
}

interface Arrival extends Rec {
  readonly atMs: number
}

/** Takes the steps; returns when each record came. */
function feed(harness: OperatorHarness<Rec, string>, steps: readonly Step[]): readonly Arrival[] {
  const arrivals: Arrival[] = []
  for (const step of steps) {
    const atMs = harness.processingTimeMs
    if ('keys' in step) {
      const from = arrivals.length
      const records = step.keys.map((key, n) => ({ key, id: from + n }))
      harness.process(records)
      arrivals.push(...records.map((record) => ({ ...record, atMs })))
    } else if ('passMs' in step) harness.advanceProcessingTime(atMs + step.passMs)
    else harness.rescale(step.parallelism)
  }
  return arrivals
}

/** Lets all windows end, which leaves nothing behind. */
function end(harness: OperatorHarness<Rec, string>): void {
  harness.advanceProcessingTime(harness.processingTimeMs + 100)
  expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
}

/** Groups the records by key and by each window that holds the time of their arrival. */
function reference(shape: Shape, arrivals: readonly Arrival[]): readonly string[] {
  const { sizeMs, slideMs, offsetMs } = shape
  const found = new Map<string, number[]>()
  for (const { key, id, atMs } of arrivals) {
    for (let startMs = offsetMs; startMs <= atMs; startMs += slideMs) {
      if (startMs + sizeMs <= atMs) continue
      const name = `${key}[${startMs}, ${startMs + sizeMs})`
      found.set(name, [...(found.get(name) ?? []), id])
    }
  }
  return [...found].map(([name, ids]) => `${name}: ${ids}`)
}

/**
 * Twice as long, so that the clock never rests on the last millisecond of a window: a timer goes
 * off in it, and what the general operator gets afterwards makes a second result.
 */
function doubled({ sizeMs, slideMs, offsetMs }: Shape): Shape {
  return { sizeMs: 2 * sizeMs, slideMs: 2 * slideMs, offsetMs: 2 * offsetMs }
}

const slowed = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ('passMs' in step ? { passMs: 2 * step.passMs } : step))

const sorted = (list: readonly string[]): string[] => [...list].sort()

describe.each(Object.keys(COMPUTATIONS))('windows of the clock, %s (WIN-01, WIN-02)', (kind) => {
  test('buckets give the results of timers per key, in the same order', () => {
    fc.assert(
      fc.property(shapes, calm, (shape, steps) => {
        const [buckets, timers] = (['auto', 'general'] as const).map((path) => {
          const harness = harnessOf(doubled(shape), kind, path)
          feed(harness, slowed(steps))
          end(harness)
          const output = harness.outputWithTimestamps
          harness.close()
          return output
        })
        expect(buckets).toEqual(timers)
      }),
      { seed: 31, numRuns: 200 },
    )
  })

  test('each record is in the windows of its arrival, once, through crashes and rescales', () => {
    fc.assert(
      fc.property(shapes, stormy, (shape, steps) => {
        const harness = harnessOf(shape, kind, 'auto')
        const arrivals = feed(harness, steps)
        end(harness)
        expect(sorted(harness.output)).toEqual(sorted(reference(shape, arrivals)))
        harness.close()
      }),
      { seed: 32, numRuns: 200 },
    )
  })

  test('all harness modes agree: batches, restore, rescale, frozen output', () => {
    fc.assert(
      fc.property(shapes, calm, (shape, steps) => {
        const harness = harnessOf(shape, kind, 'auto', 'all')
        feed(harness, steps)
        end(harness)
        harness.verify()
        harness.verifyNothingLeft()
        harness.close()
      }),
      { seed: 33, numRuns: 25 },
    )
  })

  test('a snapshot with timers per key is taken over, and its timers go', () => {
    fc.assert(
      fc.property(shapes, calm, calm, fc.integer({ min: 1, max: 3 }), (shape, first, then, n) => {
        const [timers, buckets] = (['general', 'auto'] as const).map((after) => {
          const before = harnessOf(doubled(shape), kind, 'general')
          const harness = harnessOf(doubled(shape), kind, after)
          feed(before, slowed(first))
          harness.advanceProcessingTime(before.processingTimeMs)
          harness.restore(before.snapshot(), { parallelism: n })
          feed(harness, slowed(then))
          end(harness)
          const output = sorted(harness.output)
          before.close()
          harness.close()
          return output
        })
        expect(buckets).toEqual(timers)
      }),
      { seed: 34, numRuns: 100 },
    )
  })
})

test('a clock that is set back into a window that has fired makes it fire again (WIN-01)', () => {
  const shape = { sizeMs: 10, slideMs: 10, offsetMs: 0 }
  const harness = harnessOf(shape, 'aggregate', 'auto')
  harness.process([{ key: 0, id: 0 }])
  harness.advanceProcessingTime(START_MS + 15)
  const clock = vi.spyOn(ManualTime.prototype, 'nowMs').mockReturnValueOnce(START_MS + 5)
  harness.process([{ key: 0, id: 1 }])
  clock.mockRestore()
  end(harness)
  expect(harness.output).toEqual(['0[1000, 1010): 0', '0[1000, 1010): 1'])
  harness.close()
})

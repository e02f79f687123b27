import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { outputTag } from '../../core/output-tag.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { AggregateFunction } from '../../state/state-descriptor.ts'
import type { HarnessMode } from '../../testing/harness-mode.ts'
import { type OperatorHarness, operatorHarness } from '../../testing/operator-harness.ts'
import { types } from '../../types/types.ts'
import { eventTimeSessionWindows } from './assigners/event-time-session-windows.ts'
import { slidingEventTimeWindows } from './assigners/sliding-event-time-windows.ts'
import { tumblingEventTimeWindows } from './assigners/tumbling-event-time-windows.ts'
import type { TimeWindow } from './time-window.ts'
import type { WindowAssigner } from './window-assigner.ts'
import type { WindowComputation } from './window-function.ts'
import { windowOperator } from './window-operator.ts'

interface Rec {
  readonly key: string
  readonly id: number
  readonly timestampMs: number
}

/** A record, or a step of the watermark. */
type Step = { readonly record: Rec } | { readonly advanceMs: number }

interface Shape {
  readonly sizeMs: number
  /** 0 stands for a session window whose gap is the size. */
  readonly slideMs: number
  readonly offsetMs: number
  readonly latenessMs: number
}

const LATE = outputTag<Rec>('late')

const steps: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ key: fc.integer({ min: 0, max: 2 }), aheadMs: fc.nat(40) }),
      },
      { weight: 1, arbitrary: fc.record({ advanceMs: fc.integer({ min: 1, max: 15 }) }) },
    ),
    { maxLength: 40 },
  )
  .map((drafts) => {
    // Records come from 20 behind to 20 ahead of the watermark, which starts below zero.
    let watermarkMs = -30
    return drafts.map((draft, id): Step => {
      if ('advanceMs' in draft) {
        watermarkMs += draft.advanceMs
        return draft
      }
      const timestampMs = watermarkMs - 20 + draft.aheadMs
      return { record: { key: `k${draft.key}`, id, timestampMs } }
    })
  })

const lateness = fc.oneof(fc.constant(0), fc.nat(20))
const alignedShape: fc.Arbitrary<Shape> = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 25 }), fc.nat(24), lateness)
  .map(([sizeMs, slide, offset, latenessMs]) => {
    const slideMs = slide > 20 ? sizeMs : slide
    return { sizeMs, slideMs, offsetMs: offset % slideMs, latenessMs }
  })
/** Windows of many panes. */
const slidingShape: fc.Arbitrary<Shape> = fc
  .tuple(fc.integer({ min: 10, max: 45 }), fc.integer({ min: 1, max: 4 }), fc.nat(3), lateness)
  .map(([sizeMs, slideMs, offset, latenessMs]) => {
    return { sizeMs, slideMs, offsetMs: offset % slideMs, latenessMs }
  })
const sessionShape: fc.Arbitrary<Shape> = fc
  .tuple(fc.integer({ min: 1, max: 15 }), lateness)
  .map(([sizeMs, latenessMs]) => ({ sizeMs, slideMs: 0, offsetMs: 0, latenessMs }))

/** Collects ids in an accumulator that is changed in place: the hardest case for snapshots. */
const collectIds: AggregateFunction<Rec, { ids: number[] }, string> = {
  createAccumulator: () => ({ ids: [] }),
  add: (value, accumulator) => {
    accumulator.ids.push(value.id)
    return accumulator
  },
  getResult: (accumulator) => [...accumulator.ids].sort((l, r) => l - r).join(),
  merge: (left, right) => {
    left.ids.push(...right.ids.splice(0)) // a merge may use up both
    return left
  },
  accumulatorType: types.row({ ids: types.array(types.int) }),
}

/** Ids in the order of their panes, in one number that does not grow with them. */
const digestOfIds: AggregateFunction<Rec, { power: number; sum: number }, string> = {
  createAccumulator: () => ({ power: 1, sum: 0 }),
  add: (value, accumulator) => {
    accumulator.power = (accumulator.power * 31) % 10_007
    accumulator.sum = (accumulator.sum * 31 + value.id + 1) % 10_007
    return accumulator
  },
  getResult: ({ power, sum }) => `${power} ${sum}`,
  merge: (left, right) => {
    left.sum = (left.sum * right.power + right.sum) % 10_007
    left.power = (left.power * right.power) % 10_007
    right.power = right.sum = 0 // used up
    return left
  },
  accumulatorType: types.row({ power: types.int, sum: types.int }),
}

const COMPUTATIONS: Record<string, WindowComputation<Rec, never, string, string, TimeWindow>> = {
  aggregate: {
    kind: 'aggregate',
    aggregate: collectIds as AggregateFunction<Rec, never, unknown>,
    process: (key, context, elements: Iterable<string>, out) => {
      for (const ids of elements) out.collect(`${key}${context.window}: ${ids}`)
    },
  },
  digest: {
    kind: 'aggregate',
    aggregate: digestOfIds as AggregateFunction<Rec, never, unknown>,
    process: (key, context, [digest], out) => {
      out.collect(`${key}${context.window}: ${digest}`)
    },
  },
  process: {
    kind: 'process',
    process: (key, context, elements, out) => {
      const ids = [...elements].map((one) => one.id).sort((l, r) => l - r)
      out.collect(`${key}${context.window}: ${ids}`)
    },
  },
}

function assignerOf(shape: Shape): WindowAssigner<Rec, TimeWindow> {
  const { sizeMs, slideMs, offsetMs } = shape
  if (slideMs === 0) return eventTimeSessionWindows(sizeMs)
  if (slideMs === sizeMs) return tumblingEventTimeWindows(sizeMs, { offsetMs })
  return slidingEventTimeWindows(sizeMs, slideMs, { offsetMs })
}

type Harness = OperatorHarness<Rec, string>

function harnessOf(
  shape: Shape,
  computation: string,
  path: 'auto' | 'general' | 'copies' | 'walk' = 'auto',
  modes: 'all' | readonly HarnessMode[] = ['plain'],
): Harness {
  const operator = windowOperator({
    keySelector: (record: Rec) => record.key,
    assigner: assignerOf(shape),
    computation: COMPUTATIONS[computation]!,
    allowedLatenessMs: shape.latenessMs,
    lateTag: LATE,
    path,
  })
  return operatorHarness<Rec, string>({ operator, keyBy: (record) => record.key, modes })
}

/** Feeds steps; returns the watermark after them. */
function feed(harness: Harness, stream: readonly Step[], fromMs = -30): number {
  let watermarkMs = fromMs
  for (const step of stream) {
    if ('record' in step) harness.process([step.record], step.record.timestampMs)
    else {
      watermarkMs += step.advanceMs
      harness.watermark(watermarkMs)
    }
  }
  return watermarkMs
}

interface Results {
  readonly output: readonly string[]
  readonly late: readonly number[]
}

function resultsOf(harness: Harness): Results {
  return { output: harness.output, late: harness.sideOutput(LATE).map((record) => record.id) }
}

function run(
  shape: Shape,
  stream: readonly Step[],
  computation: string,
  path?: 'general' | 'copies' | 'walk',
): Results {
  const harness = harnessOf(shape, computation, path)
  feed(harness, stream)
  harness.watermark(MAX_WATERMARK_MS)
  expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
  const results = resultsOf(harness)
  harness.close()
  return results
}

/** The records of a finished stream, each with the watermark at its arrival. */
function arrivals(stream: readonly Step[]): { record: Rec; watermarkMs: number }[] {
  const found: { record: Rec; watermarkMs: number }[] = []
  let watermarkMs = Number.NEGATIVE_INFINITY
  let nextMs = -30
  for (const step of stream) {
    if ('record' in step) found.push({ record: step.record, watermarkMs })
    else watermarkMs = nextMs += step.advanceMs
  }
  return found
}

/** Groups the finished stream by key and window; one result, and one more per late record. */
function alignedReference(shape: Shape, stream: readonly Step[]): Results {
  const { sizeMs, slideMs, offsetMs, latenessMs } = shape
  const groups = new Map<string, { onTime: number[]; late: number[] }>()
  const dropped: number[] = []
  for (const { record, watermarkMs } of arrivals(stream)) {
    let taken = false
    for (let n = -100; n <= 1500; n++) {
      const startMs = n * slideMs + offsetMs
      const lastMs = startMs + sizeMs - 1
      if (record.timestampMs < startMs || record.timestampMs > lastMs) continue
      if (lastMs + latenessMs <= watermarkMs) continue
      taken = true
      const name = `${record.key}[${startMs}, ${lastMs + 1})`
      const group = groups.get(name) ?? { onTime: [], late: [] }
      groups.set(name, group)
      ;(lastMs <= watermarkMs ? group.late : group.onTime).push(record.id)
    }
    if (!taken && record.timestampMs + latenessMs <= watermarkMs) dropped.push(record.id)
  }
  const output: string[] = []
  for (const [name, { onTime, late }] of groups) {
    if (onTime.length > 0) output.push(`${name}: ${onTime}`)
    for (let i = 1; i <= late.length; i++)
      output.push(`${name}: ${[...onTime, ...late.slice(0, i)]}`)
  }
  return { output, late: dropped }
}

/** Sorts the finished stream by time and cuts where the gap is too long; no record may be late. */
function sessionReference(gapMs: number, records: readonly Rec[]): string[] {
  const output: string[] = []
  for (const [key, ofKey] of Map.groupBy(records, (record) => record.key)) {
    const sorted = [...ofKey].sort((left, right) => left.timestampMs - right.timestampMs)
    let session: Rec[] = []
    const close = (): void => {
      if (session.length === 0) return
      const endMs = session.at(-1)!.timestampMs + gapMs
      const ids = session.map((record) => record.id).sort((left, right) => left - right)
      output.push(`${key}[${session[0]!.timestampMs}, ${endMs}): ${ids}`)
    }
    for (const record of sorted) {
      const last = session.at(-1)
      if (last !== undefined && record.timestampMs - last.timestampMs > gapMs) {
        close()
        session = []
      }
      session.push(record)
    }
    close()
  }
  return output
}

/** Sessions with late records, replayed over plain sets of records. */
function lateSessionReference(shape: Shape, stream: readonly Step[]): Results {
  const { sizeMs: gapMs, latenessMs } = shape
  interface Session {
    key: string
    records: Rec[]
    firstMs: number
    endMs: number
    fired: boolean
  }
  let open: Session[] = []
  const output: string[] = []
  const late: number[] = []
  const fire = (session: Session): void => {
    const ids = session.records.map((record) => record.id).sort((left, right) => left - right)
    output.push(`${session.key}[${session.firstMs}, ${session.endMs}): ${ids}`)
    session.fired = true
  }
  let watermarkMs = -30
  let seenMs = Number.NEGATIVE_INFINITY
  for (const step of [...stream, { advanceMs: 1e9 }]) {
    if ('advanceMs' in step) {
      seenMs = watermarkMs += step.advanceMs
      for (const session of open) if (!session.fired && session.endMs - 1 <= seenMs) fire(session)
      open = open.filter((session) => session.endMs - 1 + latenessMs > seenMs)
      continue
    }
    const { record } = step
    const touched = open.filter(
      ({ key, firstMs, endMs }) =>
        key === record.key && record.timestampMs <= endMs && record.timestampMs + gapMs >= firstMs,
    )
    const all = [record, ...touched.flatMap((session) => session.records)]
    const times = all.map((one) => one.timestampMs)
    const merged: Session = {
      key: record.key,
      records: all,
      firstMs: Math.min(...times),
      endMs: Math.max(...times) + gapMs,
      fired: false,
    }
    if (merged.endMs - 1 + latenessMs <= seenMs) {
      if (record.timestampMs + latenessMs <= seenMs) late.push(record.id)
      continue
    }
    open = [...open.filter((session) => !touched.includes(session)), merged]
    if (merged.endMs - 1 <= seenMs) fire(merged)
  }
  return { output, late }
}

const sorted = (list: readonly string[]): string[] => [...list].sort()

describe.each(['aggregate', 'process'])('window operators, %s', (computation) => {
  test('tumbling and sliding windows equal a group-by of the finished input', () => {
    fc.assert(
      fc.property(alignedShape, steps, (shape, stream) => {
        const expected = alignedReference(shape, stream)
        const actual = run(shape, stream, computation)
        expect(sorted(actual.output)).toEqual(sorted(expected.output))
        expect(actual.late).toEqual(expected.late)
      }),
      { seed: 11, numRuns: 300 },
    )
  })

  test('copies of records and timers give the same results in the same order', () => {
    fc.assert(
      fc.property(alignedShape, steps, (shape, stream) => {
        const aligned = run(shape, stream, computation, 'copies')
        expect(aligned).toEqual(run(shape, stream, computation, 'general'))
      }),
      { seed: 12, numRuns: 200 },
    )
  })

  test('panes give the results of copies, window by window', () => {
    fc.assert(
      fc.property(alignedShape, steps, (shape, stream) => {
        const panes = run(shape, stream, computation)
        const copies = run(shape, stream, computation, 'copies')
        expect(sorted(panes.output)).toEqual(sorted(copies.output))
        expect(panes.late).toEqual(copies.late)
        const windowsOf = (one: Results): string[] => one.output.map((line) => line.slice(2, -1))
        const ends = (one: Results): number[] =>
          windowsOf(one).map((line) => Number(/, (-?\d+)\)/.exec(line)?.[1]))
        expect(ends(panes)).toEqual(ends(copies))
      }),
      { seed: 18, numRuns: 300 },
    )
  })

  test('sessions give the same results in the same order with timers and without', () => {
    fc.assert(
      fc.property(sessionShape, steps, (shape, stream) => {
        expect(run(shape, stream, computation)).toEqual(run(shape, stream, computation, 'general'))
      }),
      { seed: 19, numRuns: 300 },
    )
  })

  test('session windows equal a cut of the sorted input where nothing is late', () => {
    fc.assert(
      fc.property(sessionShape, steps, (shape, stream) => {
        const records = stream.flatMap((step) => ('record' in step ? [step.record] : []))
        const onlyRecords = records.map((record) => ({ record }))
        const actual = run({ ...shape, latenessMs: 0 }, onlyRecords, computation)
        expect(sorted(actual.output)).toEqual(sorted(sessionReference(shape.sizeMs, records)))
      }),
      { seed: 13, numRuns: 200 },
    )
  })

  test('session windows with late records equal a replay over plain sets', () => {
    fc.assert(
      fc.property(sessionShape, steps, (shape, stream) => {
        const expected = lateSessionReference(shape, stream)
        const actual = run(shape, stream, computation)
        expect(sorted(actual.output)).toEqual(sorted(expected.output))
        expect(actual.late).toEqual(expected.late)
      }),
      { seed: 14, numRuns: 300 },
    )
  })

  test('all harness modes agree: batches, restore, rescale, frozen output', () => {
    fc.assert(
      fc.property(fc.oneof(alignedShape, sessionShape), steps, (shape, stream) => {
        const harness = harnessOf(shape, computation, 'auto', 'all')
        feed(harness, stream)
        harness.watermark(MAX_WATERMARK_MS)
        harness.verify()
        harness.verifyNothingLeft()
        harness.close()
      }),
      { seed: 15, numRuns: 25 },
    )
  })

  test('a restore whose watermark starts anew goes on as if nothing had happened', () => {
    const shapes = fc.oneof(alignedShape, sessionShape)
    const cut = fc.nat(40)
    const subtasks = fc.integer({ min: 1, max: 3 })
    const path = fc.constantFrom('auto' as const, 'general' as const)
    fc.assert(
      fc.property(shapes, steps, cut, subtasks, path, (shape, stream, at, parallelism, which) => {
        const harness = harnessOf(shape, computation, which)
        const atMs = feed(harness, stream.slice(0, at))
        const before = resultsOf(harness)
        harness.restore(harness.snapshot(), { parallelism })
        harness.watermark(MIN_WATERMARK_MS + 1) // what a source says first
        expect(harness.output).toEqual(before.output)
        feed(harness, stream.slice(at), atMs)
        harness.watermark(MAX_WATERMARK_MS)
        expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
        const actual = resultsOf(harness)
        const expected = run(shape, stream, computation)
        expect(sorted(actual.output)).toEqual(sorted(expected.output))
        expect(actual.late).toEqual(expected.late)
        harness.close()
      }),
      { seed: 16, numRuns: 200 },
    )
  })
})

/** The output with the keys of each window in order; windows stay as they are. */
function byWindow(output: readonly string[]): string[] {
  const endOf = (line: string): number => Number(/, (-?\d+)\)/.exec(line)?.[1])
  const byKey = (left: string, right: string): number =>
    left.slice(0, 2) < right.slice(0, 2) ? -1 : left.slice(0, 2) > right.slice(0, 2) ? 1 : 0
  const runs: string[][] = []
  for (const line of output) {
    const last = runs.at(-1)
    if (last !== undefined && endOf(last[0]!) === endOf(line)) last.push(line)
    else runs.push([line])
  }
  return runs.flatMap((run) => run.sort(byKey))
}

describe.each(['aggregate', 'digest'])('windows of many panes, %s', (computation) => {
  test('two stacks give the results of a walk over all panes, through restores', () => {
    const cuts = fc.array(fc.nat(40), { maxLength: 2 })
    const subtasks = fc.integer({ min: 1, max: 3 })
    fc.assert(
      fc.property(slidingShape, steps, cuts, subtasks, (shape, stream, at, parallelism) => {
        const walked = run(shape, stream, computation, 'walk')
        const stacked = run(shape, stream, computation)
        expect(byWindow(stacked.output)).toEqual(byWindow(walked.output))
        expect(stacked.late).toEqual(walked.late)
        const harness = harnessOf(shape, computation)
        let atMs = -30
        let done = 0
        for (const cut of at.sort((left, right) => left - right)) {
          atMs = feed(harness, stream.slice(done, cut), atMs)
          harness.restore(harness.snapshot(), { parallelism })
          done = cut
        }
        feed(harness, stream.slice(done), atMs)
        harness.watermark(MAX_WATERMARK_MS)
        expect([harness.stateEntries, harness.timers]).toEqual([0, 0])
        const restored = resultsOf(harness)
        expect(sorted(restored.output)).toEqual(sorted(walked.output))
        expect(restored.late).toEqual(walked.late)
        harness.close()
      }),
      { seed: 20, numRuns: 400 },
    )
  })
})

test('shuffled input within the bound gives the results of sorted input', () => {
  const boundMs = 10
  const times = fc.array(fc.tuple(fc.nat(100), fc.nat(boundMs), fc.nat(2)), { maxLength: 30 })
  fc.assert(
    fc.property(fc.oneof(alignedShape, sessionShape), times, (shape, drafts) => {
      const records = drafts
        .map(([timestampMs, delayMs, key], id) => ({ key: `k${key}`, id, timestampMs, delayMs }))
        .sort((left, right) => left.timestampMs - right.timestampMs)
      const stream = (list: readonly (Rec & { delayMs: number })[]): Step[] => {
        let highestMs = Number.NEGATIVE_INFINITY
        let lastMs = -30
        return list.flatMap(({ delayMs: _, ...record }): Step[] => {
          highestMs = Math.max(highestMs, record.timestampMs)
          const advanceMs = highestMs - boundMs - 1 - lastMs
          lastMs = highestMs - boundMs - 1
          return advanceMs > 0 ? [{ record }, { advanceMs }] : [{ record }]
        })
      }
      const shuffled = [...records].sort(
        (left, right) => left.timestampMs + left.delayMs - right.timestampMs - right.delayMs,
      )
      const strict = { ...shape, latenessMs: 0 }
      const ordered = run(strict, stream(records), 'aggregate')
      const permuted = run(strict, stream(shuffled), 'aggregate')
      expect(sorted(permuted.output)).toEqual(sorted(ordered.output))
      expect(permuted.late).toEqual([])
    }),
    { seed: 17, numRuns: 200 },
  )
})

import fc from 'fast-check'
import {
  cumulativeEventTimeWindows,
  dynamicEventTimeSessionWindows,
  eventTimeSessionWindows,
  slidingEventTimeWindows,
  type TimeWindow,
  tumblingEventTimeWindows,
  type WindowAssigner,
} from '../../src/index.ts'
import type { Item } from './subject.ts'

/** Windows of event time, as plain data. */
export type WindowShape =
  | { readonly kind: 'tumbling'; readonly sizeMs: number; readonly offsetMs: number }
  | { readonly kind: 'sliding'; readonly sizeMs: number; readonly slideMs: number }
  | { readonly kind: 'cumulative'; readonly stepMs: number; readonly steps: number }
  | { readonly kind: 'session'; readonly gapMs: number }
  /** Each record says its gap: `gapMs` times its `n`. */
  | { readonly kind: 'dynamic-session'; readonly gapMs: number }

type Kind = WindowShape['kind']

const sizeMs = fc.integer({ min: 3, max: 40 })

const SHAPES: { readonly [K in Kind]: fc.Arbitrary<WindowShape> } = {
  tumbling: fc.record({ kind: fc.constant('tumbling'), sizeMs, offsetMs: fc.nat(2) }),
  sliding: fc.record({
    kind: fc.constant('sliding'),
    sizeMs,
    slideMs: fc.integer({ min: 2, max: 50 }),
  }),
  cumulative: fc.record({
    kind: fc.constant('cumulative'),
    stepMs: fc.integer({ min: 3, max: 12 }),
    steps: fc.integer({ min: 1, max: 4 }),
  }),
  session: fc.record({ kind: fc.constant('session'), gapMs: fc.integer({ min: 1, max: 20 }) }),
  'dynamic-session': fc.record({
    kind: fc.constant('dynamic-session'),
    gapMs: fc.integer({ min: 1, max: 4 }),
  }),
}

/** Windows of the given kinds. */
export function windowShapes(...kinds: readonly Kind[]): fc.Arbitrary<WindowShape> {
  return fc.oneof(...kinds.map((kind) => SHAPES[kind]))
}

/** The assigner of the engine. */
export function assignerOf(shape: WindowShape): WindowAssigner<Item, TimeWindow> {
  switch (shape.kind) {
    case 'tumbling':
      return tumblingEventTimeWindows(shape.sizeMs, { offsetMs: shape.offsetMs })
    case 'sliding':
      return slidingEventTimeWindows(shape.sizeMs, shape.slideMs)
    case 'cumulative':
      return cumulativeEventTimeWindows(shape.stepMs * shape.steps, shape.stepMs)
    case 'session':
      return eventTimeSessionWindows(shape.gapMs)
    case 'dynamic-session':
      return dynamicEventTimeSessionWindows((item) => item.n * shape.gapMs)
  }
}

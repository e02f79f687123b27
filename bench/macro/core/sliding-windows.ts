import { slidingEventTimeWindows, types } from '@millrace/engine'
import type { CheckedJob } from '../../jobs/checked-job.ts'
import { entries, timeOf, uniform } from './entries.ts'
import { sumAdder, summing, type WindowSum } from './window-sums.ts'

/** A result for a hundred entries, and so few of them that windows of an hour come and go. */
const KEYS = 20
const SHAPE = { perMs: 2, entryAt: uniform(KEYS) }
const SLIDE_MS = 1_000

/** Sums by key over the last `panes` seconds, every second. */
export function slidingWindows(panes: number): CheckedJob<WindowSum> {
  const sizeMs = panes * SLIDE_MS
  return {
    name: `sliding-${panes}`,
    results: (env, size) =>
      entries(env, size, SHAPE)
        .keyBy(({ key }) => key, types.int)
        .window(slidingEventTimeWindows(sizeMs, SLIDE_MS))
        .aggregate<number, number, WindowSum>(summing, (key, { window }, sums, out) => {
          for (const sum of sums) out.collect({ key, startMs: window.startMs, sum })
        }),
    adder: sumAdder,
    plainly({ records }, add) {
      const seconds = timeOf(records - 1, SHAPE) / SLIDE_MS
      const slides = Math.floor(seconds) + 1
      const counted = table(slides)
      const summed = table(slides)
      for (let index = 0; index < records; index++) {
        const { key, value } = SHAPE.entryAt(index)
        const slide = Math.floor(timeOf(index, SHAPE) / SLIDE_MS)
        increase(counted, key, slide, 1)
        increase(summed, key, slide, value)
      }
      for (let key = 0; key < KEYS; key++) {
        let [count, sum] = [0, 0]
        for (let end = 0; end < slides + panes - 1; end++) {
          count += at(counted, key, end) - at(counted, key, end - panes)
          sum += at(summed, key, end) - at(summed, key, end - panes)
          if (count > 0) add({ key, startMs: (end - panes + 1) * SLIDE_MS, sum })
        }
      }
    },
  }
}

/** A number for each key and slide. */
type Table = readonly Float64Array[]

function table(slides: number): Table {
  return Array.from({ length: KEYS }, () => new Float64Array(slides))
}

function at(numbers: Table, key: number, slide: number): number {
  return numbers[key]?.[slide] ?? 0
}

function increase(numbers: Table, key: number, slide: number, by: number): void {
  const ofKey = numbers[key] as Float64Array
  ofKey[slide] = (ofKey[slide] as number) + by
}

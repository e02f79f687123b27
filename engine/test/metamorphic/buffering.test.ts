import fc from 'fast-check'
import type { DataStream } from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  BY_CLOCK,
  IN_ONE_ORDER,
  ITEM,
  type Item,
  type JobParts,
  PUNCTUAL_STEP_MS,
  type Step,
} from './subject.ts'

interface Buffer {
  readonly size: number
}

const buffers: fc.Arbitrary<Buffer> = fc.record({ size: fc.integer({ min: 1, max: 6 }) })

const arrays = (stream: DataStream<Item[]>): DataStream<string> =>
  stream.setParallelism(1).map((items) => `${items.map(({ id }) => id)}`)

const bySize = ({ items }: JobParts, { size }: Buffer): DataStream<string> =>
  arrays(items(0).bufferAndFlush({ size, type: ITEM }))

testRelations<Buffer>({
  name: 'PRO-13 buffering by size',
  descriptions: buffers,
  relations: IN_ONE_ORDER,
  build: bySize,
  expected: ({ size }, steps) => {
    const ids = itemsOf(steps).map(({ id }) => id)
    return Array.from({ length: Math.ceil(ids.length / size) }, (_, index) =>
      String(ids.slice(index * size, (index + 1) * size)),
    )
  },
  canaries: {
    'arrays hold one record more': (parts, { size }) => bySize(parts, { size: size + 1 }),
  },
})

const INTERVAL_MS = 1.5 * PUNCTUAL_STEP_MS

const byClock = ({ items }: JobParts, { size }: Buffer, intervalMs: number): DataStream<string> =>
  arrays(items(0).bufferAndFlush({ size, intervalMs, type: ITEM }))

/** A buffer leaves when it is full, or before the second step after the one it began in. */
function byClockReference({ size }: Buffer, steps: readonly Step[]): readonly string[] {
  const results: number[][] = []
  let open: { readonly sinceStep: number; readonly ids: number[] } | undefined
  for (const [index, [items]] of steps.entries()) {
    if (open !== undefined && index - open.sinceStep >= 2) open = undefined
    for (const { id } of items) {
      if (open === undefined) {
        open = { sinceStep: index, ids: [] }
        results.push(open.ids)
      }
      open.ids.push(id)
      if (open.ids.length === size) open = undefined
    }
  }
  return results.map(String)
}

testRelations<Buffer>({
  name: 'PRO-13 buffering by size and by the clock',
  descriptions: buffers,
  relations: BY_CLOCK,
  build: (parts, buffer) => byClock(parts, buffer, INTERVAL_MS),
  expected: byClockReference,
  canaries: {
    'a buffer waits for a step longer': (parts, buffer) =>
      byClock(parts, buffer, INTERVAL_MS + PUNCTUAL_STEP_MS),
  },
})

import fc from 'fast-check'
import {
  type Collector,
  type DataStream,
  type KeyedProcessContext,
  type KeyedProcessFunction,
  type ListState,
  listState,
  type OnTimerContext,
  type RuntimeContext,
  types,
  type ValueState,
  valueState,
} from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  BY_CLOCK,
  IN_ANY_ORDER,
  type Item,
  type JobParts,
  keyedItems,
  PUNCTUAL_STEP_MS,
  type Step,
  withIdleInput,
} from './subject.ts'

interface Buckets {
  readonly sizeMs: number
}

/** Gathers the records of a stretch of event time; a timer at its end emits them. */
class Gathering implements KeyedProcessFunction<string, Item, string> {
  private readonly sizeMs: number
  private ids: ListState<number> | undefined

  constructor({ sizeMs }: Buckets) {
    this.sizeMs = sizeMs
  }

  open(context: RuntimeContext): void {
    this.ids = context.getListState(listState<number>('ids', { type: types.int }))
  }

  processElement({ id, atMs }: Item, ctx: KeyedProcessContext<string>): void {
    this.ids?.add(id * 1_000 + atMs)
    // Twice and once too often: a timer of one time fires once, and one that is deleted never.
    const endMs = (Math.floor(atMs / this.sizeMs) + 1) * this.sizeMs
    ctx.timerService.registerEventTimeTimer(endMs)
    ctx.timerService.registerEventTimeTimer(endMs)
    ctx.timerService.registerEventTimeTimer(endMs + 0.5)
    ctx.timerService.deleteEventTimeTimer(endMs + 0.5)
  }

  onTimer(timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    const all = [...(this.ids?.get() ?? [])]
    const due = all.filter((one) => one % 1_000 < timestampMs)
    this.ids?.update(all.filter((one) => one % 1_000 >= timestampMs))
    const ids = due.map((one) => Math.floor(one / 1_000)).sort((left, right) => left - right)
    out.collect(`${ctx.currentKey} ${timestampMs} ${ids}`)
  }
}

const gathered = (parts: JobParts, buckets: Buckets): DataStream<string> =>
  keyedItems(parts).process<string>(new Gathering(buckets))

function gatheredReference({ sizeMs }: Buckets, steps: readonly Step[]): readonly string[] {
  const nameOf = ({ key, atMs }: Item): string =>
    `${key} ${(Math.floor(atMs / sizeMs) + 1) * sizeMs}`
  return [...Map.groupBy(itemsOf(steps), nameOf)].map(
    ([name, items]) => `${name} ${items.map(({ id }) => id).sort((left, right) => left - right)}`,
  )
}

testRelations<Buckets>({
  name: 'PRO-02, PRO-04, PRO-05 event-time timers',
  descriptions: fc.record({ sizeMs: fc.integer({ min: 3, max: 40 }) }),
  relations: withIdleInput(IN_ANY_ORDER),
  orderedBy: (result) => result.split(' ')[0] as string,
  build: gathered,
  expected: (buckets, steps) =>
    gatheredReference(buckets, steps).toSorted(
      (left, right) => Number(left.split(' ')[1]) - Number(right.split(' ')[1]),
    ),
  canaries: {
    'stretches are a millisecond longer': (parts, { sizeMs }) =>
      gathered(parts, { sizeMs: sizeMs + 1 }),
  },
})

/** Says when a key was quiet for a time of the clock. */
class Quiet implements KeyedProcessFunction<string, Item, string> {
  private readonly afterMs: number
  private dueMs: ValueState<number> | undefined
  private lastId: ValueState<number> | undefined

  constructor(afterMs: number) {
    this.afterMs = afterMs
  }

  open(context: RuntimeContext): void {
    this.dueMs = context.getState(valueState<number>('due', { type: types.number }))
    this.lastId = context.getState(valueState<number>('last', { type: types.int }))
  }

  processElement({ id }: Item, { timerService }: KeyedProcessContext<string>): void {
    const before = this.dueMs?.value()
    if (before !== undefined) timerService.deleteProcessingTimeTimer(before)
    const dueMs = timerService.currentProcessingTime() + this.afterMs
    timerService.registerProcessingTimeTimer(dueMs)
    this.dueMs?.update(dueMs)
    this.lastId?.update(id)
  }

  onTimer(_timestampMs: number, ctx: OnTimerContext<string>, out: Collector<string>): void {
    out.collect(`${ctx.currentKey} quiet after ${this.lastId?.value()}`)
    this.dueMs?.clear()
  }
}

const QUIET_MS = 1.5 * PUNCTUAL_STEP_MS

/** A key is quiet if two steps pass without it; the end of the input is no such time. */
function quietReference(steps: readonly Step[]): readonly string[] {
  const results: string[] = []
  for (const [key, items] of Map.groupBy(itemsOf(steps), (item) => item.key)) {
    const isIn = (step: Step | undefined): boolean =>
      step?.[0].some((item) => item.key === key) === true
    for (const [index, step] of steps.entries()) {
      if (!isIn(step) || isIn(steps[index + 1]) || index + 2 > steps.length) continue
      if (index + 1.5 > steps.length) continue
      const last = items.findLast((item) => step[0].includes(item))
      results.push(`${key} quiet after ${last?.id}`)
    }
  }
  return results
}

const quiet = (parts: JobParts, afterMs: number): DataStream<string> =>
  keyedItems(parts).process<string>(new Quiet(afterMs))

testRelations<Record<string, never>>({
  name: 'PRO-03, PRO-05 processing-time timers',
  descriptions: fc.constant({}),
  relations: BY_CLOCK,
  items: { countMax: 6 },
  build: (parts) => quiet(parts, QUIET_MS),
  expected: (_, steps) => quietReference(steps),
  canaries: {
    'a key is quiet a step later': (parts) => quiet(parts, QUIET_MS + PUNCTUAL_STEP_MS),
  },
})

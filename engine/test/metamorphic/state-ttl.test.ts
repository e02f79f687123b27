import fc from 'fast-check'
import {
  type Collector,
  type DataStream,
  type KeyedProcessFunction,
  type ListState,
  listState,
  type MapState,
  mapState,
  type RuntimeContext,
  type StateTtlOptions,
  stateTtl,
  types,
  type ValueState,
  valueState,
} from '../../src/index.ts'
import { withWatermarks } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  BY_CLOCK,
  IN_ONE_ORDER,
  type Item,
  type JobParts,
  keyedItems,
  PUNCTUAL_STEP_MS,
  type Step,
  withIdleInput,
} from './subject.ts'

interface Life {
  readonly ttlMs: number
  readonly update: 'on-create-and-write' | 'on-read-and-write'
}

type Time = NonNullable<StateTtlOptions<unknown>['time']>

/** Counts, lists and maps the records of a key, as long as its state lives. */
class Remembering implements KeyedProcessFunction<string, Item, string> {
  private readonly life: Life
  private readonly time: Time
  private count: ValueState<number> | undefined
  private ids: ListState<number> | undefined
  private byN: MapState<number, number> | undefined

  constructor(life: Life, time: Time) {
    this.life = life
    this.time = time
  }

  open(context: RuntimeContext): void {
    const { life, time } = this
    const ofInt = { type: types.int, ttl: stateTtl<number>({ ...life, time }) }
    this.count = context.getState(valueState<number>('count', ofInt))
    this.ids = context.getListState(listState<number>('ids', ofInt))
    this.byN = context.getMapState(
      mapState<number, number>('by-n', { ...ofInt, keyType: types.int }),
    )
  }

  processElement({ id, key, n }: Item, _ctx: unknown, out: Collector<string>): void {
    const { count, ids, byN } = this
    if (n === 9) {
      out.collect(`${key} ${id}: looks at ${count?.value() ?? 0}`) // begins its life anew, or not
      return
    }
    count?.update((count.value() ?? 0) + 1)
    ids?.add(id)
    const before = byN?.get(n)
    byN?.put(n, id)
    out.collect(`${key} ${id}: ${count?.value()}, ${[...(ids?.get() ?? [])]}, ${before ?? 'new'}`)
  }
}

/** A value with the time at which its life ends. */
interface Living {
  readonly value: number
  readonly untilMs: number
}

/** The same in plain variables of one key. */
class RememberingReference {
  readonly #life: Life
  #count: Living | undefined
  #ids: readonly Living[] = []
  readonly #byN = new Map<number, Living>()

  constructor(life: Life) {
    this.#life = life
  }

  take({ id, key, n }: Item, nowMs: number, writeMs: number): string {
    const lives = (one: Living): boolean => one.untilMs > nowMs
    /** Begins the life of an entry, or makes it longer. */
    const written = (value: number, old: Living | undefined): Living => {
      const untilMs = writeMs + this.#life.ttlMs
      return { value, untilMs: Math.max(untilMs, old?.untilMs ?? untilMs) }
    }
    const read = (one: Living): Living =>
      this.#life.update === 'on-read-and-write' ? written(one.value, one) : one
    const count = [this.#count].filter((one) => one !== undefined).find(lives)
    if (n === 9) {
      this.#count = count === undefined ? undefined : read(count)
      return `${key} ${id}: looks at ${count?.value ?? 0}`
    }
    this.#count = written((count?.value ?? 0) + 1, count)
    this.#ids = [...this.#ids, written(id, undefined)].filter(lives).map(read)
    const before = [this.#byN.get(n)].filter((one) => one !== undefined).find(lives)
    this.#byN.set(n, written(id, before))
    const ids = this.#ids.map(({ value }) => value)
    return `${key} ${id}: ${this.#count.value}, ${ids}, ${before?.value ?? 'new'}`
  }
}

function remembering(parts: JobParts, life: Life, time: Time): DataStream<string> {
  return keyedItems(parts).process<string>(new Remembering(life, time))
}

const BOUND_MS = 5

function byEventTime(life: Life, steps: readonly Step[]): readonly string[] {
  const keys = new Map<string, RememberingReference>()
  let nowMs = Number.NEGATIVE_INFINITY
  const results: string[] = []
  for (const event of withWatermarks(steps, BOUND_MS)) {
    if ('watermarkMs' in event) {
      nowMs = event.watermarkMs
      continue
    }
    const { item } = event
    const reference = keys.get(item.key) ?? new RememberingReference(life)
    keys.set(item.key, reference)
    results.push(reference.take(item, nowMs, Math.max(item.atMs, nowMs)))
  }
  return results
}

const orderedBy = (result: string): string => result.split(' ')[0] as string

const lives = (ttlMs: fc.Arbitrary<number>): fc.Arbitrary<Life> =>
  fc.record({ ttlMs, update: fc.constantFrom('on-create-and-write', 'on-read-and-write') })

testRelations<Life>(
  {
    name: 'STA-12 state that lives for a time of events',
    descriptions: lives(fc.integer({ min: 1, max: 30 })),
    relations: withIdleInput(IN_ONE_ORDER),
    items: { boundMs: BOUND_MS, lastMs: 60, keyCount: 2 },
    orderedBy,
    build: (parts, life) => remembering(parts, life, 'event'),
    expected: byEventTime,
    canaries: {
      'the time to live is off by one': (parts, life) =>
        remembering(parts, { ...life, ttlMs: life.ttlMs + 1 }, 'event'),
      'reads never count': (parts, life) =>
        remembering(parts, { ...life, update: 'on-create-and-write' }, 'event'),
    },
  },
  60,
)

/** Every step is a moment; times to live end between two of them. */
function byClock(life: Life, steps: readonly Step[]): readonly string[] {
  const keys = new Map<string, RememberingReference>()
  return steps.flatMap(([items], index) =>
    items.map((item) => {
      const reference = keys.get(item.key) ?? new RememberingReference(life)
      keys.set(item.key, reference)
      const nowMs = index * PUNCTUAL_STEP_MS
      return reference.take(item, nowMs, nowMs)
    }),
  )
}

testRelations<Life>({
  name: 'STA-11 state that lives for a time of the clock',
  descriptions: lives(fc.nat(3).map((steps) => (steps + 0.5) * PUNCTUAL_STEP_MS)),
  relations: BY_CLOCK,
  items: { keyCount: 2 },
  orderedBy,
  build: (parts, life) => remembering(parts, life, 'processing'),
  expected: byClock,
  canaries: {
    'state lives for a step longer': (parts, life) =>
      remembering(parts, { ...life, ttlMs: life.ttlMs + PUNCTUAL_STEP_MS }, 'processing'),
  },
})

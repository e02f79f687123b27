import fc from 'fast-check'
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

interface Rule {
  readonly keep: 'first' | 'last'
  readonly ttlMs: number
}

const BOUND_MS = 5

const distinct = (parts: JobParts, rule: Rule, ttlTime: 'event' | 'processing') =>
  keyedItems(parts)
    .deduplicate({ ...rule, ttlTime })
    .map(({ key, id }) => `${key} ${id}`)

interface Remembered {
  readonly untilMs: number
  waiting: Item | undefined
}

/** One key; told the time by records and by watermarks. */
class Reference {
  readonly #rule: Rule
  readonly results: Item[] = []
  #remembered: Remembered | undefined

  constructor(rule: Rule) {
    this.#rule = rule
  }

  advance(nowMs: number): void {
    if (this.#remembered === undefined || this.#remembered.untilMs > nowMs) return
    if (this.#remembered.waiting !== undefined) this.results.push(this.#remembered.waiting)
    this.#remembered = undefined
  }

  take(item: Item, atMs: number, watermarkMs: number, isLater: (old: Item) => boolean): void {
    this.advance(atMs)
    const old = this.#remembered
    if (old === undefined) {
      const untilMs = atMs + this.#rule.ttlMs
      if (untilMs <= watermarkMs) return
      const isFirst = this.#rule.keep === 'first'
      if (isFirst) this.results.push(item)
      this.#remembered = { untilMs, waiting: isFirst ? undefined : item }
    } else if (old.waiting !== undefined && isLater(old.waiting)) old.waiting = item
  }
}

function referenceOf(keys: Map<string, Reference>, key: string, rule: Rule): Reference {
  const known = keys.get(key) ?? new Reference(rule)
  keys.set(key, known)
  return known
}

const resultsOf = (keys: ReadonlyMap<string, Reference>): readonly string[] =>
  [...keys].flatMap(([key, { results }]) => results.map(({ id }) => `${key} ${id}`))

function byEventTime(rule: Rule, steps: readonly Step[]): readonly string[] {
  const keys = new Map<string, Reference>()
  let nowMs = Number.NEGATIVE_INFINITY
  for (const event of withWatermarks(steps, BOUND_MS)) {
    if ('watermarkMs' in event) {
      nowMs = event.watermarkMs
      for (const reference of keys.values()) reference.advance(nowMs)
    } else {
      const { item } = event
      const isLater = (old: Item): boolean => item.atMs >= old.atMs
      referenceOf(keys, item.key, rule).take(item, item.atMs, nowMs, isLater)
    }
  }
  return resultsOf(keys)
}

function byClock(rule: Rule, steps: readonly Step[]): readonly string[] {
  const keys = new Map<string, Reference>()
  for (const [index, [items]] of steps.entries()) {
    const nowMs = index * PUNCTUAL_STEP_MS
    for (const item of items) {
      referenceOf(keys, item.key, rule).take(item, nowMs, Number.NEGATIVE_INFINITY, () => true)
    }
  }
  for (const reference of keys.values()) reference.advance(Number.POSITIVE_INFINITY)
  return resultsOf(keys)
}

const orderedBy = (result: string): string => result.split(' ')[0] as string

const rules = (ttlMs: fc.Arbitrary<number>): fc.Arbitrary<Rule> =>
  fc.record({ keep: fc.constantFrom('first', 'last'), ttlMs })

testRelations<Rule>(
  {
    name: 'WIN-32 deduplication by event time',
    descriptions: rules(fc.integer({ min: 1, max: 30 })),
    relations: withIdleInput(IN_ONE_ORDER),
    items: { boundMs: BOUND_MS, lastMs: 60 },
    orderedBy,
    build: (parts, rule) => distinct(parts, rule, 'event'),
    expected: byEventTime,
    canaries: {
      'the first is kept always': (parts, rule) =>
        distinct(parts, { ...rule, keep: 'first' }, 'event'),
      'the time to live is off by one': (parts, rule) =>
        distinct(parts, { ...rule, ttlMs: rule.ttlMs + 1 }, 'event'),
    },
  },
  40,
)

testRelations<Rule>({
  name: 'WIN-32 deduplication by the clock',
  descriptions: rules(fc.nat(3).map((steps) => (steps + 0.5) * PUNCTUAL_STEP_MS)),
  relations: BY_CLOCK,
  orderedBy,
  build: (parts, rule) => distinct(parts, rule, 'processing'),
  expected: byClock,
  canaries: {
    'keys are remembered for a step longer': (parts, rule) =>
      distinct(parts, { ...rule, ttlMs: rule.ttlMs + PUNCTUAL_STEP_MS }, 'processing'),
  },
})

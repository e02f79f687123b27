import fc from 'fast-check'
import {
  type BroadcastProcessFunction,
  type Collector,
  type KeyedBroadcastContext,
  type KeyedBroadcastProcessFunction,
  type KeyedReadOnlyBroadcastContext,
  type ListState,
  listState,
  mapState,
  perSubtask,
  type RuntimeContext,
  types,
} from '../../src/index.ts'
import { itemsOf } from './reference-events.ts'
import { testRelations } from './relations.ts'
import {
  BY_CLOCK,
  IN_ANY_ORDER,
  ITEM,
  type Item,
  type JobParts,
  keyedItems,
  type Step,
} from './subject.ts'

/** Rules are the items of the second input: rule `key` says `n`, from its `id` on. */
const RULES = mapState<string, Item>('rules', { keyType: types.string, type: ITEM })
const SEEN = listState<Item>('seen', { type: ITEM })

/** Says which rules there are at each record. */
const current: BroadcastProcessFunction<Item, Item, string> = {
  processElement(item, ctx, out) {
    const rules = [...ctx.getBroadcastState(RULES).entries()].map(
      ([name, { id }]) => `${name}:${id}`,
    )
    out.collect(`${item.id} sees ${rules.sort()}`)
  },
  processBroadcastElement(rule, ctx) {
    ctx.getBroadcastState(RULES).put(rule.key, rule)
  },
}

testRelations<Record<string, never>>(
  {
    name: 'DST-16 records see the rules that came before them',
    descriptions: fc.constant({}),
    relations: BY_CLOCK,
    items: { takesTurns: true },
    build: ({ items }) => items(0).rebalance().connect(items(1).broadcast(RULES)).process(current),
    expected: (_, steps) => {
      const rules = new Map<string, number>()
      return steps.flatMap(([records, changes]) => {
        for (const rule of changes) rules.set(rule.key, rule.id)
        const names = [...rules].map(([name, id]) => `${name}:${id}`).sort()
        return records.map(({ id }) => `${id} sees ${names}`)
      })
    },
    canaries: {
      'a rule is never replaced': ({ items }) =>
        items(0)
          .rebalance()
          .connect(items(1).broadcast(RULES))
          .process<string>({
            ...current,
            processBroadcastElement(rule, ctx) {
              const rules = ctx.getBroadcastState(RULES)
              if (rules.get(rule.key) === undefined) rules.put(rule.key, rule)
            },
          }),
    },
  },
  16,
)

/** Pairs every record with every rule of a lower `n`, whichever comes first. */
class Matches implements KeyedBroadcastProcessFunction<string, Item, Item, string> {
  readonly #visitsKeys: boolean
  #seen: ListState<Item> | undefined

  constructor(visitsKeys: boolean) {
    this.#visitsKeys = visitsKeys
  }

  open(context: RuntimeContext): void {
    this.#seen = context.getListState(SEEN)
  }

  processElement(
    item: Item,
    ctx: KeyedReadOnlyBroadcastContext<string>,
    out: Collector<string>,
  ): void {
    this.#seen?.add(item)
    for (const [, rule] of ctx.getBroadcastState(RULES).entries()) {
      if (item.n > rule.n) out.collect(`${item.id} ${rule.id}`)
    }
  }

  processBroadcastElement(
    rule: Item,
    ctx: KeyedBroadcastContext<string>,
    out: Collector<string>,
  ): void {
    ctx.getBroadcastState(RULES).put(`${rule.id}`, rule)
    if (!this.#visitsKeys) return
    ctx.applyToKeyedState(SEEN, (_key, seen) => {
      for (const item of seen.get()) if (item.n > rule.n) out.collect(`${item.id} ${rule.id}`)
    })
  }
}

const matches = (parts: JobParts, visitsKeys: boolean) =>
  keyedItems(parts)
    .connect(parts.items(1).broadcast(RULES))
    .process(perSubtask(() => new Matches(visitsKeys)))

const allMatches = (steps: readonly Step[]): readonly string[] =>
  itemsOf(steps, 0).flatMap((item) =>
    itemsOf(steps, 1)
      .filter((rule) => item.n > rule.n)
      .map((rule) => `${item.id} ${rule.id}`),
  )

testRelations<Record<string, never>>({
  name: 'PRO-09 a keyed broadcast function meets every pair once',
  descriptions: fc.constant({}),
  relations: IN_ANY_ORDER,
  build: (parts) => matches(parts, true),
  expected: (_, steps) => allMatches(steps),
  canaries: { 'a rule does not reach the keys': (parts) => matches(parts, false) },
})

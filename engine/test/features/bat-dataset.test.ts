/// <reference types="node" />
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  collectSink,
  datagenSource,
  getExecutionEnvironment,
  type Source,
  type StreamExecutionEnvironment,
  types,
} from '../../src/index.ts'
import { type DataSet, dataSet } from '../../src/library/dataset/index.ts'
import { FakeTransactionLog } from '../../src/testing/fake-transaction-log.ts'
import { testJob } from '../../src/testing/job-driver.ts'
import { record, ScriptedInput } from '../../src/testing/scripted-input.ts'
import { scriptedSource } from '../../src/testing/scripted-source.ts'
import { transactionalSink } from '../../src/testing/transactional-sink.ts'
import { linesOf, SqlReference, type SqlValue } from './sql-reference.ts'

interface Order {
  readonly id: number
  readonly shop: string
  readonly item: number
  readonly n: number
}

interface Price {
  readonly ref: number
  readonly at: string
  readonly item: number
  readonly price: number
}

const orderType = types.row({ id: types.int, shop: types.string, item: types.int, n: types.int })
const priceType = types.row({ ref: types.int, at: types.string, item: types.int, price: types.int })

const shops = fc.constantFrom('a', 'b', 'c', 'ä', '')

const orders: fc.Arbitrary<Order[]> = fc
  .array(fc.tuple(shops, fc.integer({ min: 0, max: 3 }), fc.integer({ min: -5, max: 5 })), {
    maxLength: 24,
  })
  .map((rows) => rows.map(([shop, item, n], id) => ({ id, shop, item, n })))

const prices: fc.Arbitrary<Price[]> = fc
  .array(fc.tuple(shops, fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 9 })), {
    maxLength: 16,
  })
  .map((rows) => rows.map(([at, item, price], ref) => ({ ref, at, item, price })))

/** Runs a property over both tables: data sets on one side, SQL on the other. */
async function check(
  parallelism: number,
  property: (tables: Tables) => Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(orders, prices, fc.boolean(), async (left, right, isTyped) => {
      await property(new Tables(parallelism, left, right, isTyped))
    }),
    { seed: 20, numRuns: 20 },
  )
}

function sqlOf(orderRows: readonly Order[], priceRows: readonly Price[]): SqlReference {
  return new SqlReference({
    orders: {
      columns: { id: 'INTEGER', shop: 'TEXT', item: 'INTEGER', n: 'INTEGER' },
      rows: orderRows.map((row) => ({ ...row })),
    },
    prices: {
      columns: { ref: 'INTEGER', at: 'TEXT', item: 'INTEGER', price: 'INTEGER' },
      rows: priceRows.map((row) => ({ ...row })),
    },
  })
}

/** Random tables as data sets of any number of programs, and in SQL. */
class Tables {
  readonly orderRows: readonly Order[]
  readonly priceRows: readonly Price[]
  readonly #parallelism: number
  readonly #isTyped: boolean
  readonly #sql: SqlReference

  constructor(
    parallelism: number,
    orderRows: readonly Order[],
    priceRows: readonly Price[],
    isTyped: boolean,
  ) {
    this.#parallelism = parallelism
    this.orderRows = orderRows
    this.priceRows = priceRows
    this.#isTyped = isTyped
    this.#sql = sqlOf(orderRows, priceRows)
  }

  /** Both tables in a program of their own. */
  sets(): { readonly orders: DataSet<Order>; readonly prices: DataSet<Price> } {
    const env = getExecutionEnvironment().setParallelism(this.#parallelism)
    // The maps spread the records over the subtasks; the sources have one each.
    const sets = {
      orders: this.#set(env, this.orderRows).map((row) => ({ ...row })),
      prices: this.#set(env, this.priceRows).map((row) => ({ ...row })),
    }
    if (!this.#isTyped) return sets
    return { orders: sets.orders.returns(orderType), prices: sets.prices.returns(priceType) }
  }

  async expectEqual<R extends readonly (string | number | undefined)[]>(
    actual: DataSet<R>,
    sql: string,
  ): Promise<void> {
    expect(linesOf(await actual.collect())).toEqual(linesOf(this.#sql.query(sql)))
  }

  query(sql: string): ReturnType<SqlReference['query']> {
    return this.#sql.query(sql)
  }

  #set<T>(env: StreamExecutionEnvironment, rows: readonly T[]): DataSet<T> {
    return dataSet(env.fromCollection(rows))
  }
}

describe.each([1, 2, 4])('with a parallelism of %i', (parallelism) => {
  test('(BAT-02) WordCount equals SQL', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('to be', 'or', 'not to be')), async (lines) => {
        const env = getExecutionEnvironment().setParallelism(parallelism)
        const counts = dataSet(env.fromCollection(lines))
          .flatMap<{ word: string; n: number }>((line, out) => {
            for (const word of line.split(' ')) out.collect({ word, n: 1 })
          })
          .groupBy('word')
          .sum('n')
        const words = lines.flatMap((line) => line.split(' ')).map((word) => ({ word }))
        const sql = new SqlReference({ words: { columns: { word: 'TEXT' }, rows: words } })
        const expected = sql.query('SELECT word, COUNT(*) FROM words GROUP BY word')
        const actual = await counts.map(({ word, n }) => [word, n]).collect()
        expect(linesOf(actual)).toEqual(linesOf(expected))
      }),
      { seed: 21, numRuns: 20 },
    )
  })

  test('(BAT-02) inner, left, right and full outer joins equal SQL', async () => {
    await check(parallelism, async (tables) => {
      const row = (order?: Order, price?: Price) => [order?.id, order?.n, price?.ref, price?.price]
      const select = 'SELECT id, n, ref, price FROM orders'
      const on = 'JOIN prices ON shop = at'
      const { orders: a, prices: b } = tables.sets()
      const inner = a.join(b).where('shop').equalTo('at').with(row)
      await tables.expectEqual(inner, `${select} ${on}`)
      const { orders: c, prices: d } = tables.sets()
      const left = c.leftOuterJoin(d).where((order) => order.shop, types.string)
      await tables.expectEqual(left.equalTo('at').with(row), `${select} LEFT ${on}`)
      const { orders: e, prices: f } = tables.sets()
      const right = e
        .rightOuterJoin(f)
        .where('shop')
        .equalTo((price) => price.at)
      await tables.expectEqual(right.with({ join: row }), `${select} RIGHT ${on}`)
      const { orders: g, prices: h } = tables.sets()
      const full = g.fullOuterJoin(h).where('shop').equalTo('at').pairs()
      await tables.expectEqual(
        full.map(([order, price]) => row(order, price)),
        `${select} FULL ${on}`,
      )
    })
  })

  test('(BAT-02) composite keys, and a flat join with a condition of its own', async () => {
    await check(parallelism, async (tables) => {
      const { orders: a, prices: b } = tables.sets()
      const cheap = a
        .join(b)
        .where((order) => ({ shop: order.shop, item: order.item }))
        .equalTo((price) => ({ item: price.item, shop: price.at }))
        .with<(string | number)[]>({
          flatJoin(order, price, out) {
            if (price.price < 5) out.collect([order.id, price.ref])
          },
        })
      await tables.expectEqual(
        cheap,
        `SELECT id, ref FROM orders o JOIN prices p ON shop = at AND o.item = p.item
         WHERE price < 5`,
      )
    })
  })

  test('(BAT-02) coGroup equals SQL', async () => {
    await check(parallelism, async (tables) => {
      const { orders: a, prices: b } = tables.sets()
      const sums = a
        .coGroup(b)
        .where('shop')
        .equalTo('at')
        .with<(string | number)[]>((left, right, out) => {
          const n = left.reduce((sum, order) => sum + order.n, 0)
          const price = right.reduce((sum, row) => sum + row.price, 0)
          out.collect([left[0]?.shop ?? right[0]?.at ?? '', left.length, n, right.length, price])
        })
      await tables.expectEqual(
        sums,
        `SELECT k, (SELECT COUNT(*) FROM orders WHERE shop = k),
           (SELECT COALESCE(SUM(n), 0) FROM orders WHERE shop = k),
           (SELECT COUNT(*) FROM prices WHERE at = k),
           (SELECT COALESCE(SUM(price), 0) FROM prices WHERE at = k)
         FROM (SELECT shop k FROM orders UNION SELECT at FROM prices)`,
      )
    })
  })

  test('(BAT-02) cross and union equal SQL', async () => {
    await check(parallelism, async (tables) => {
      const { orders: a, prices: b } = tables.sets()
      const crossed = a
        .cross(b)
        .with((order, price) => [order.id, price.ref, order.n * price.price])
      await tables.expectEqual(crossed, 'SELECT id, ref, n * price FROM orders, prices')
      const { orders: c } = tables.sets()
      const self = c.cross(c).pairs()
      await tables.expectEqual(
        self.map(([l, r]) => [l.id, r.id]),
        'SELECT l.id, r.id FROM orders l, orders r',
      )
      const { orders: d, prices: e } = tables.sets()
      const items = d.map((order) => [order.item]).union(e.map((price) => [price.item]))
      await tables.expectEqual(items, 'SELECT item FROM orders UNION ALL SELECT item FROM prices')
    })
  })

  test('(BAT-02) distinct, by record, by field and by value, equals SQL', async () => {
    await check(parallelism, async (tables) => {
      const whole = tables.sets().orders.map((order) => [order.shop, order.item])
      await tables.expectEqual(whole.distinct(), 'SELECT DISTINCT shop, item FROM orders')
      const byField = tables.sets().orders.distinct('shop')
      await tables.expectEqual(
        byField.map((order) => [order.shop]),
        'SELECT DISTINCT shop FROM orders',
      )
      const byValue = tables.sets().orders.distinct((order) => [order.item, order.n > 0])
      await tables.expectEqual(
        byValue.map((order) => [order.item, Number(order.n > 0)]),
        'SELECT DISTINCT item, n > 0 FROM orders',
      )
    })
  })

  test('(BAT-02) first(n): as many records as SQL gives, all of them from the set', async () => {
    await check(parallelism, async (tables) => {
      const firstOf = await tables.sets().orders.first(5).collect()
      expect(firstOf.length).toBe(tables.query('SELECT id FROM orders LIMIT 5').length)
      const ids = new Set(firstOf.map((order) => order.id))
      expect(ids.size).toBe(firstOf.length)
      for (const order of firstOf) expect(tables.orderRows[order.id]).toEqual(order)
      const perShop = tables.sets().orders.groupBy('shop').first(2)
      await tables.expectEqual(
        perShop.map((order) => [order.shop]),
        `SELECT shop FROM
           (SELECT shop, ROW_NUMBER() OVER (PARTITION BY shop) place FROM orders)
         WHERE place <= 2`,
      )
    })
  })

  test('(BAT-02) sorted groups: the first n, and all in order, equal SQL', async () => {
    await check(parallelism, async (tables) => {
      const best = tables
        .sets()
        .orders.groupBy((order) => order.shop, types.string)
        .sortGroup((order) => order.n, 'descending')
        .sortGroup((order) => order.id)
        .first(2)
      await tables.expectEqual(
        best.map((order) => [order.shop, order.id]),
        `SELECT shop, id FROM (SELECT shop, id,
           ROW_NUMBER() OVER (PARTITION BY shop ORDER BY n DESC, id) place FROM orders)
         WHERE place <= 2`,
      )
      const lists = tables
        .sets()
        .orders.groupBy('shop')
        .sortGroup((order) => [order.item, order.id])
        .reduceGroup<string[]>((group, out) => {
          out.collect([group[0]?.shop ?? '', group.map((order) => order.id).join()])
        })
      await tables.expectEqual(
        lists,
        "SELECT shop, GROUP_CONCAT(id, ',' ORDER BY item, id) FROM orders GROUP BY shop",
      )
    })
  })

  test('(BAT-02) grouped aggregates equal SQL', async () => {
    await check(parallelism, async (tables) => {
      const shopAnd = (set: DataSet<Order>) => set.map((order) => [order.shop, order.n])
      const groups = () => tables.sets().orders.groupBy('shop')
      await tables.expectEqual(shopAnd(groups().sum('n')), bySql('SUM(n)'))
      await tables.expectEqual(shopAnd(groups().min('n')), bySql('MIN(n)'))
      await tables.expectEqual(shopAnd(groups().max('n')), bySql('MAX(n)'))
      // SQLite takes bare columns from the row that has the extreme; ids make it one row.
      const rank = (order: Order): number => order.n * 100 + order.id
      const withId = (set: DataSet<Order>) => set.map((order) => [order.shop, order.id])
      await tables.expectEqual(
        withId(groups().minBy(rank)),
        'SELECT shop, id FROM (SELECT shop, id, MIN(n * 100 + id) FROM orders GROUP BY shop)',
      )
      await tables.expectEqual(
        withId(groups().maxBy(rank)),
        'SELECT shop, id FROM (SELECT shop, id, MAX(n * 100 + id) FROM orders GROUP BY shop)',
      )
      const means = groups().aggregate(meanOf)
      await tables.expectEqual(means, 'SELECT shop, COUNT(*), AVG(n) FROM orders GROUP BY shop')
      const products = groups().reduce(addUp)
      await tables.expectEqual(shopAnd(products), bySql('SUM(n)'))
      const perPair = tables
        .sets()
        .orders.groupBy((order) => [order.shop, order.item])
        .sum('n')
      await tables.expectEqual(
        perPair.map((order) => [order.shop, order.item, order.n]),
        'SELECT shop, item, SUM(n) FROM orders GROUP BY shop, item',
      )
    })
  })

  test('(BAT-02) aggregates over the whole set equal SQL, of an empty set too', async () => {
    await check(parallelism, async (tables) => {
      const having = 'FROM orders HAVING COUNT(*) > 0'
      const n = (set: DataSet<Order>) => set.map((order) => [order.n])
      await tables.expectEqual(n(tables.sets().orders.sum('n')), `SELECT SUM(n) ${having}`)
      await tables.expectEqual(n(tables.sets().orders.min('n')), `SELECT MIN(n) ${having}`)
      await tables.expectEqual(n(tables.sets().orders.maxBy('n')), `SELECT MAX(n) ${having}`)
      await tables.expectEqual(
        tables
          .sets()
          .orders.aggregate(meanOf)
          .map(([, count, mean]) => [count, mean]),
        `SELECT COUNT(*), AVG(n) ${having}`,
      )
      const positive = tables.sets().orders.filter((order) => order.n > 0)
      const [[count]] = tables.query('SELECT COUNT(*) FROM orders WHERE n > 0') as [[number]]
      expect(await positive.count()).toBe(count)
    })
  })

  test('(BAT-02) sortPartition sorts each subtask; one subtask as SQL does', async () => {
    await check(parallelism, async (tables) => {
      const order = (row: Order) => [row.shop, row.n, row.id]
      const sorted = tables.sets().orders.sortPartition(order, 'descending').setParallelism(1)
      const ids = (await sorted.collect()).map((row) => [row.id])
      expect(ids).toEqual(tables.query('SELECT id FROM orders ORDER BY shop DESC, n DESC, id DESC'))
      const parts = tables
        .sets()
        .orders.sortPartition((row) => row.n)
        .mapPartition<number[]>((rows, out) => out.collect(rows.map((row) => row.n)))
      const lists = await parts.collect()
      for (const list of lists) expect(list).toEqual([...list].sort((l, r) => l - r))
      expect(lists.length).toBeLessThanOrEqual(parallelism)
      expect(linesOf(lists.flat().map((value) => [value]))).toEqual(
        linesOf(tables.query('SELECT n FROM orders')),
      )
    })
  })

  test('(BAT-02) operators one behind the other: join of an aggregate, grouped again', async () => {
    await check(parallelism, async (tables) => {
      const { orders: a, prices: b } = tables.sets()
      const result = a
        .groupBy('item')
        .sum('n')
        .join(b)
        .where('item')
        .equalTo('item')
        .with((order, price) => ({ at: price.at, turnover: order.n * price.price }))
        .groupBy('at')
        .sum('turnover')
      await tables.expectEqual(
        result.map(({ at, turnover }) => [at, turnover]),
        `SELECT at, SUM(n * price) FROM prices
         JOIN (SELECT item, SUM(n) n FROM orders GROUP BY item) o ON o.item = prices.item
         GROUP BY at`,
      )
    })
  })
})

const bySql = (value: string): string => `SELECT shop, ${value} FROM orders GROUP BY shop`

const addUp = (left: Order, right: Order): Order => ({ ...left, n: left.n + right.n })

interface Mean {
  shop: string
  count: number
  sum: number
}

const meanOf = {
  createAccumulator: (): Mean => ({ shop: '', count: 0, sum: 0 }),
  add(order: Order, mean: Mean): Mean {
    mean.shop = order.shop
    mean.count++
    mean.sum += order.n
    return mean
  },
  getResult: ({ shop, count, sum }: Mean): (string | number)[] => [shop, count, sum / count],
  merge: (left: Mean, right: Mean): Mean => ({
    shop: right.shop,
    count: left.count + right.count,
    sum: left.sum + right.sum,
  }),
}

/** A scripted input of which a program knows that it ends. */
function bounded<T>(input: ScriptedInput<T>): Source<T, unknown, unknown> {
  return { ...scriptedSource(input), boundedness: 'bounded' } as Source<T, unknown, unknown>
}

const rowOf = (...values: (SqlValue | undefined)[]): SqlValue[] =>
  values.map((value) => value ?? null)

/** Every kind of operator that keeps state until the end, with the SQL that says the same. */
const KEEPING: Readonly<Record<string, Keeping>> = {
  join: {
    build: (o, p) =>
      o
        .fullOuterJoin(p)
        .where('shop')
        .equalTo('at')
        .with((order, price) => rowOf(order?.id, price?.ref)),
    sql: 'SELECT id, ref FROM orders FULL JOIN prices ON shop = at',
  },
  coGroup: {
    build: (o, p) =>
      o
        .coGroup(p)
        .where('item')
        .equalTo('item')
        .with<SqlValue[]>((left, right, out) => out.collect([left.length * right.length])),
    sql: `SELECT (SELECT COUNT(*) FROM orders WHERE item = k) *
        (SELECT COUNT(*) FROM prices WHERE item = k)
      FROM (SELECT item k FROM orders UNION SELECT item FROM prices)`,
  },
  cross: {
    build: (o, p) => o.cross(p).with((order, price) => rowOf(order.id, price.ref)),
    sql: 'SELECT id, ref FROM orders, prices',
  },
  groupedSum: {
    build: (o) =>
      o
        .groupBy('shop')
        .sum('n')
        .map(({ shop, n }) => rowOf(shop, n)),
    sql: 'SELECT shop, SUM(n) FROM orders GROUP BY shop',
  },
  firstInOrder: {
    build: (o) =>
      o
        .groupBy('shop')
        .sortGroup(({ n }) => n, 'descending')
        .sortGroup(({ id }) => id)
        .first(3)
        .map(({ id }) => rowOf(id)),
    sql: `SELECT id FROM (SELECT id,
        ROW_NUMBER() OVER (PARTITION BY shop ORDER BY n DESC, id) place FROM orders)
      WHERE place <= 3`,
  },
  reduceGroup: {
    build: (o) =>
      o
        .groupBy('shop')
        .sortGroup(({ id }) => id)
        .reduceGroup<SqlValue[]>((group, out) => out.collect([group.map(({ id }) => id).join()])),
    sql: "SELECT GROUP_CONCAT(id, ',' ORDER BY id) FROM orders GROUP BY shop",
  },
  distinct: {
    build: (o) => o.map(({ shop, item }) => rowOf(shop, item)).distinct(),
    sql: 'SELECT DISTINCT shop, item FROM orders',
  },
  sum: { build: (o) => o.sum('n').map(({ n }) => rowOf(n)), sql: 'SELECT SUM(n) FROM orders' },
  first: {
    build: (o) => o.first(4).map(() => rowOf(1)),
    sql: 'SELECT 1 FROM orders LIMIT 4',
  },
  sorted: {
    build: (o) => o.sortPartition(({ n }) => n).map(({ id }) => rowOf(id)),
    sql: 'SELECT id FROM orders',
  },
}

interface Keeping {
  readonly build: (orders: DataSet<Order>, prices: DataSet<Price>) => DataSet<SqlValue[]>
  readonly sql: string
}

test.each(Object.keys(KEEPING))(
  '(BAT-02) %s, killed again and again, at another parallelism each time: the result of SQL',
  async (name) => {
    const { build, sql } = KEEPING[name] as Keeping
    const [orderInput, priceInput] = [new ScriptedInput<Order>(2), new ScriptedInput<Price>(2)]
    const log = new FakeTransactionLog<SqlValue[]>()
    const parallelisms = [2, 4, 1, 3]
    let starts = 0
    const job = testJob((env) => {
      env.setParallelism(parallelisms[starts++ % parallelisms.length] as number)
      env.enableCheckpointing(300)
      const o = dataSet(env.fromSource(bounded(orderInput)).uid('orders').setParallelism(2))
      const p = dataSet(env.fromSource(bounded(priceInput)).uid('prices').setParallelism(2))
      build(o, p).output(transactionalSink(log)).setParallelism(2).uid('log')
    })
    const [orderRows, priceRows]: [Order[], Price[]] = [[], []]
    for (let round = 0; round < 4; round++) {
      for (let half = 0; half < 2; half++) {
        const more = Array.from({ length: 4 }, (_, i) => orderAt(8 * round + 4 * half + i))
        const prices = more.map(({ id }) => priceAt(id))
        await job.feed(
          orderInput,
          more.map((row) => record(row)),
          half,
        )
        await job.feed(
          priceInput,
          prices.map((row) => record(row)),
          half,
        )
        orderRows.push(...more)
        priceRows.push(...prices)
      }
      if (round < 3) await job.kill()
    }
    expect(log.committed).toEqual(name === 'cross' ? expect.anything() : [])
    orderInput.end()
    priceInput.end()
    await job.finish()
    expect(starts).toBe(4)
    const expected = sqlOf(orderRows, priceRows).query(sql)
    expect(linesOf(log.committed)).toEqual(linesOf(expected))
  },
)

function orderAt(id: number): Order {
  return { id, shop: 'abcde'[(id * 7) % 5] as string, item: id % 3, n: (id * 5) % 7 }
}

function priceAt(ref: number): Price {
  return { ref, at: 'cdefg'[(ref * 3) % 5] as string, item: ref % 4, price: ref }
}

test('(BAT-02) an unbounded source is refused by name, wherever it is', () => {
  const env = getExecutionEnvironment()
  const ticks = env.fromSource(datagenSource({ generate: (index) => index }), undefined, 'Ticks')
  const behind = env
    .fromElements(1)
    .union(ticks.map((n) => n + 1))
    .keyBy((n) => n)
    .sum()
  expect(() => dataSet(behind)).toThrow(
    expect.objectContaining({
      code: 'INVALID_PROGRAM',
      message: expect.stringMatching(/source 'Ticks' is unbounded.*bounded source.*windows/s),
    }),
  )
  expect(() => dataSet(env.fromElements(1))).not.toThrow()
})

const missingKeys: readonly [string, unknown, RegExp][] = [
  ['null', null, /the key of groupBy is null/],
  ['undefined', undefined, /the key of groupBy is undefined/],
  ['an array with null', ['a', null], /has a part that is null or undefined/],
  ['an object with undefined', { a: undefined }, /has a part that is null or undefined/],
]

test.each(missingKeys)('(BAT-02) a key that is %s is refused', async (_what, key, message) => {
  const env = getExecutionEnvironment().setParallelism(2)
  const set = dataSet(env.fromElements(1, 2)).groupBy((n) => (n === 1 ? 'a' : key))
  const failure = await set
    .first(1)
    .collect()
    .then(
      () => undefined,
      (error: unknown) => error as Error,
    )
  expect(String((failure?.cause as Error | undefined)?.message)).toMatch(message)
})

test('(BAT-02) the record error policy lets a job go on without records that have no key', async () => {
  const env = getExecutionEnvironment().setParallelism(2)
  env.configure({ 'pipeline.record-error-policy': 'skip' })
  const left = dataSet(env.fromElements<{ k: string | null }>({ k: 'a' }, { k: null }))
  const right = dataSet(env.fromElements<{ k: string | null }>({ k: null }, { k: 'a' }))
  const pairs = left.fullOuterJoin(right).where('k').equalTo('k').pairs()
  expect(await pairs.collect()).toEqual([[{ k: 'a' }, { k: 'a' }]])
})

test('(BAT-02) function objects are opened and closed once per subtask', async () => {
  const calls: string[] = []
  const lifeCycle = (name: string) => ({
    open: () => void calls.push(`open ${name}`),
    close: () => void calls.push(`close ${name}`),
  })
  const env = getExecutionEnvironment()
  const numbers = dataSet(env.fromElements(1, 2))
  const sums = numbers.reduce({ ...lifeCycle('reduce'), reduce: (left, right) => left + right })
  const result = await sums
    .cross(numbers)
    .with({ ...lifeCycle('cross'), join: (sum, n) => sum * n })
    .join(numbers)
    .where((n) => n)
    .equalTo((n) => 3 * n)
    .with<number>({ ...lifeCycle('join'), flatJoin: (n, _m, out) => out.collect(n) })
    .groupBy((n) => n)
    .reduceGroup<number>({
      ...lifeCycle('group'),
      mapPartition: (group, out) => out.collect(group.length),
    })
    .collect()
  expect(result).toEqual([1, 1])
  const times = (call: string) => calls.filter((other) => other === call).length
  for (const name of ['cross', 'join', 'group']) {
    expect([times(`open ${name}`), times(`close ${name}`)]).toEqual([1, 1])
  }
  expect([times('open reduce'), times('close reduce')]).toEqual([2, 2]) // in both of its steps
})

test('(BAT-02) settings reach the operators, of both steps where there are two', () => {
  const env = getExecutionEnvironment().setParallelism(4)
  dataSet(env.fromElements(3, 1))
    .sum()
    .name('Total')
    .uid('total')
    .setParallelism(3)
    .distinct()
    .name('Once')
    .uid('once')
    .setParallelism(2)
    .output(collectSink({ add: () => {} }))
  const operators = env.explainJson().operators.map(({ name, uid, parallelism }) => ({
    name,
    uid,
    parallelism,
  }))
  expect(operators).toEqual([
    expect.objectContaining({ name: 'Collection Source', parallelism: 1 }),
    { name: 'Total (combine)', uid: 'total-combine', parallelism: 3 },
    { name: 'Total', uid: 'total', parallelism: 1 },
    { name: 'Once', uid: 'once', parallelism: 2 },
    expect.objectContaining({ parallelism: 2 }),
  ])
})

test('(BAT-02) the last step over a whole set cannot be made parallel', () => {
  const env = getExecutionEnvironment()
  const stream = dataSet(env.fromElements(3, 1)).sum().toStream()
  stream.setParallelism(2).print()
  expect(() => env.explain()).toThrow(/parallelism 2: a result over a whole data set/)
})

test('(BAT-02) a keyed stream becomes a set whose partitions are those of the subtasks', async () => {
  const env = getExecutionEnvironment()
  const set = dataSet(env.fromElements(1, 2, 3).keyBy((n) => n))
  const counts = set.mapPartition<number>((records, out) => out.collect(records.length))
  expect(await counts.collect()).toEqual([3])
})

test.each([0, -1, 1.5, Number.NaN])('(BAT-02) first(%d) is refused', (count) => {
  const set = dataSet(getExecutionEnvironment().fromElements(1))
  const refusal = expect.objectContaining({ code: 'INVALID_ARGUMENT' })
  expect(() => set.first(count)).toThrow(refusal)
  expect(() => set.groupBy((n) => n).first(count)).toThrow(refusal)
  expect(() =>
    set
      .groupBy((n) => n)
      .sortGroup((n) => n)
      .first(count),
  ).toThrow(refusal)
})

test('(BAT-02) a set that has been run must be built anew, and the error says so', async () => {
  const env = getExecutionEnvironment()
  const set = dataSet(env.fromElements(1, 2, 3)).map((n) => n + 1)
  expect(await set.count()).toBe(3)
  const refusal = {
    code: 'INVALID_PROGRAM',
    message: expect.stringMatching(/'Map'.*build it again/),
  }
  await expect(set.collect()).rejects.toMatchObject(refusal)
  const ofAnother = dataSet(getExecutionEnvironment().fromElements(1))
  expect(() => dataSet(env.fromElements(1)).union(ofAnother)).toThrow(
    expect.objectContaining({ code: 'INVALID_PROGRAM' }),
  )
})

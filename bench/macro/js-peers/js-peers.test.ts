import { describe, expect, it } from 'vitest'
import { sumByD2ts } from './by-d2ts.ts'
import { sumByDbIvm } from './by-db-ivm.ts'
import { sumByEngine } from './by-engine.ts'
import { sumByMost } from './by-most.ts'
import { sumByNodeStreams } from './by-node-streams.ts'
import { sumByRxjs, sumByRxjsGroups } from './by-rxjs.ts'
import { amountOf, isOrdered, orderOf, totalsPlainly } from './orders.ts'

const ORDERS = 15_500

describe('filter, project and keyed sum (BEN-14)', () => {
  it('has customers with several orders, and drops one order in eight', () => {
    const amounts = Array.from({ length: ORDERS }, (_, id) => orderOf(id)).filter(isOrdered)
    expect(amounts.length / ORDERS).toBeCloseTo(7 / 8, 1)
    expect(new Set(amounts.map((order) => amountOf(order).customer)).size).toBeLessThan(9_000)
  })

  it.each([
    ['the engine', sumByEngine],
    ['rxjs', sumByRxjs],
    ['rxjs with groups', sumByRxjsGroups],
    ['@most/core', sumByMost],
    ['Node streams', sumByNodeStreams],
    ['db-ivm', sumByDbIvm],
    ['d2ts', sumByD2ts],
  ])('gives the totals of a plain loop by %s', async (_name, run) => {
    expect((await run(ORDERS)).output).toBe(totalsPlainly(ORDERS))
  })
})

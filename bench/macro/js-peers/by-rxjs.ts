import { filter, groupBy, lastValueFrom, map, mergeMap, range, scan, tap } from 'rxjs'
import type { ProgramOutcome } from '../../runner/program.ts'
import { type Amount, amountOf, isOrdered, orderOf, Totals } from './orders.ts'

/** As a user who knows what it costs would write it: sums in one map. */
export async function sumByRxjs(orders: number): Promise<ProgramOutcome> {
  const totals = new Totals()
  const sums = new Map<number, number>()
  const stream = range(0, orders).pipe(
    map(orderOf),
    filter(isOrdered),
    map(amountOf),
    map(({ customer, amount }): Amount => {
      const sum = (sums.get(customer) ?? 0) + amount
      sums.set(customer, sum)
      return { customer, amount: sum }
    }),
    tap(({ customer, amount }) => totals.set(customer, amount)),
  )
  await lastValueFrom(stream)
  return { output: totals.text }
}

/** As its documentation would have it: a stream per customer. */
export async function sumByRxjsGroups(orders: number): Promise<ProgramOutcome> {
  const totals = new Totals()
  const stream = range(0, orders).pipe(
    map(orderOf),
    filter(isOrdered),
    map(amountOf),
    groupBy(({ customer }) => customer),
    mergeMap((ofCustomer) =>
      ofCustomer.pipe(
        scan(({ amount: sum }, { customer, amount }) => ({ customer, amount: sum + amount })),
      ),
    ),
    tap(({ customer, amount }) => totals.set(customer, amount)),
  )
  await lastValueFrom(stream)
  return { output: totals.text }
}

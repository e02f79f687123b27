import { filter, map, newStream, runEffects, tap } from '@most/core'
import { newDefaultScheduler } from '@most/scheduler'
import type { ProgramOutcome } from '../../runner/program.ts'
import { type Amount, amountOf, isOrdered, orderOf, Totals } from './orders.ts'

/** Push streams that fuse neighbouring filters and maps. */
export async function sumByMost(orders: number): Promise<ProgramOutcome> {
  const totals = new Totals()
  const sums = new Map<number, number>()
  const numbers = newStream<number>((sink, scheduler) => {
    const time = scheduler.currentTime()
    const run = setImmediate(() => {
      for (let id = 0; id < orders; id++) sink.event(time, id)
      sink.end(time)
    })
    return { dispose: () => clearImmediate(run) }
  })
  const amounts = map(amountOf, filter(isOrdered, map(orderOf, numbers)))
  const running = map(({ customer, amount }): Amount => {
    const sum = (sums.get(customer) ?? 0) + amount
    sums.set(customer, sum)
    return { customer, amount: sum }
  }, amounts)
  const effects = tap(({ customer, amount }) => totals.set(customer, amount), running)
  await runEffects(effects, newDefaultScheduler())
  return { output: totals.text }
}

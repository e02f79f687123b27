import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ProgramOutcome } from '../../runner/program.ts'
import { type Amount, amountOf, isOrdered, type Order, orderOf, Totals } from './orders.ts'

/** Node's streams of objects. */
export async function sumByNodeStreams(orders: number): Promise<ProgramOutcome> {
  const totals = new Totals()
  const sums = new Map<number, number>()
  let next = 0
  const source = new Readable({
    objectMode: true,
    read() {
      while (next < orders) if (!this.push(orderOf(next++))) return
      this.push(null)
    },
  })
  const amounts = new Transform({
    objectMode: true,
    transform(order: Order, _encoding, done) {
      if (isOrdered(order)) done(null, amountOf(order))
      else done()
    },
  })
  const running = new Transform({
    objectMode: true,
    transform({ customer, amount }: Amount, _encoding, done) {
      const sum = (sums.get(customer) ?? 0) + amount
      sums.set(customer, sum)
      done(null, { customer, amount: sum })
    },
  })
  const sink = new Writable({
    objectMode: true,
    write({ customer, amount }: Amount, _encoding, done) {
      totals.set(customer, amount)
      done()
    },
  })
  await pipeline(source, amounts, running, sink)
  return { output: totals.text }
}

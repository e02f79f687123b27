import {
  D2,
  filter,
  groupBy,
  groupByOperators,
  MessageType,
  MultiSet,
  map,
  output,
} from '@electric-sql/d2ts'
import type { ProgramOutcome } from '../../runner/program.ts'
import { amountOf, isOrdered, type Order, orderOf, Totals } from './orders.ts'

/** Records per version of the input. */
const BATCH = 1_000

/** Differential dataflow in JavaScript: it keeps its input with its versions. */
export function sumByD2ts(orders: number): ProgramOutcome {
  const totals = new Totals()
  const graph = new D2({ initialFrontier: 0 })
  const input = graph.newInput<Order>()
  input.pipe(
    filter(isOrdered),
    map(amountOf),
    groupBy(({ customer }) => ({ customer }), {
      total: groupByOperators.sum(({ amount }) => amount),
    }),
    output((message) => {
      if (message.type !== MessageType.DATA) return
      for (const [[, { customer, total }], multiplicity] of message.data.collection.getInner()) {
        if (multiplicity > 0) totals.set(customer, total)
      }
    }),
  )
  graph.finalize()
  for (let id = 0, version = 0; id < orders; id += BATCH, version++) {
    const count = Math.min(BATCH, orders - id)
    const batch = Array.from({ length: count }, (_, index): [Order, number] => [
      orderOf(id + index),
      1,
    ])
    input.sendData(version, new MultiSet(batch))
    input.sendFrontier(version + 1)
    graph.run()
  }
  return { output: totals.text }
}

import { D2, filter, groupBy, groupByOperators, map, output } from '@tanstack/db-ivm'
import type { ProgramOutcome } from '../../runner/program.ts'
import { amountOf, isOrdered, type Order, orderOf, Totals } from './orders.ts'

/** Records per change of the input: it computes per change, not per record. */
const BATCH = 1_000

/** An incremental view: it keeps its input, so that rows can be taken back. */
export function sumByDbIvm(orders: number): ProgramOutcome {
  const totals = new Totals()
  const graph = new D2()
  const input = graph.newInput<Order>()
  input.pipe(
    filter(isOrdered),
    map(amountOf),
    groupBy(({ customer }) => ({ customer }), {
      total: groupByOperators.sum(({ amount }) => amount),
    }),
    output((changes) => {
      for (const [[, { customer, total }], multiplicity] of changes.getInner()) {
        if (multiplicity > 0) totals.set(customer, total)
      }
    }),
  )
  graph.finalize()
  for (let id = 0; id < orders; id += BATCH) {
    const count = Math.min(BATCH, orders - id)
    input.sendData(Array.from({ length: count }, (_, index) => [orderOf(id + index), 1]))
    graph.run()
  }
  return { output: totals.text }
}

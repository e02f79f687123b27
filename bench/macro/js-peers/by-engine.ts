import { sequenceSource, types, watermarks } from '@millrace/engine'
import { digestSink } from '../../digest/digest-sink.ts'
import { runMeasuredJob } from '../../jobs/measured-job.ts'
import type { ProgramOutcome } from '../../runner/program.ts'
import { type Amount, amountOf, isOrdered, orderOf, Totals } from './orders.ts'

const amountType = types.row({ customer: types.int, amount: types.number })

/** Filter, project and a running sum per customer as a job, with a checkpoint every second. */
export async function sumByEngine(orders: number): Promise<ProgramOutcome> {
  const totals = new Totals()
  const checkpoints = await runMeasuredJob('sums', (env) => {
    env
      .fromSource(sequenceSource(0, orders - 1), watermarks.none<number>(), 'numbers')
      .map(orderOf)
      .filter(isOrdered)
      .map(amountOf)
      .returns(amountType)
      .keyBy(({ customer }) => customer, types.int)
      .reduce(plus)
      .sinkTo(digestSink(({ customer, amount }) => totals.set(customer, amount)))
  })
  return { output: totals.text, facts: { checkpoints } }
}

function plus(left: Amount, right: Amount): Amount {
  return { customer: left.customer, amount: left.amount + right.amount }
}

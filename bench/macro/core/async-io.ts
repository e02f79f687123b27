import { asyncDataStream, sequenceSource, types, watermarks } from '@millrace/engine'
import { type CheckedJob, rowAdder } from '../../jobs/checked-job.ts'

/** Asks for each number, in an order that is kept or not, a service that answers at once. */
export function asyncIo(order: 'ordered' | 'unordered'): CheckedJob<number> {
  const wait = order === 'ordered' ? asyncDataStream.orderedWait : asyncDataStream.unorderedWait
  return {
    name: `async-${order}`,
    results: (env, { records }) =>
      wait(
        env.fromSource(sequenceSource(0, records - 1), watermarks.none<number>(), 'numbers'),
        async (n: number) => 3 * n,
        { type: types.int },
      ),
    adder: rowAdder((value, hash) => hash.number(value)),
    plainly({ records }, add) {
      for (let n = 0; n < records; n++) add(3 * n)
    },
  }
}

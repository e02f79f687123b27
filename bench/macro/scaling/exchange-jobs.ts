import { sequenceSource, watermarks } from '@millrace/engine'
import { mix } from '../../digest/mix.ts'
import type { AnyCheckedJob, CheckedJob } from '../../jobs/checked-job.ts'
import { type WideRow, wideRowAdder, wideRowOf } from './wide-rows.ts'

/** All rows are made in the first thread and taken up in the last. */
const exchangeRows: CheckedJob<WideRow> = {
  name: 'exchange-rows',
  results: (env, { records }) =>
    env
      .fromSource(sequenceSource(0, records - 1), watermarks.none<number>(), 'numbers')
      .setParallelism(1)
      .map(wideRowOf)
      .setParallelism(1)
      .partitionCustom(lastSubtask, ({ id }) => id)
      .map((row) => row),
  adder: wideRowAdder,
  plainly({ records }, add) {
    for (let index = 0; index < records; index++) add(wideRowOf(index))
  },
}

/** The same with numbers in place of rows. */
const exchangeNumbers: CheckedJob<number> = {
  name: 'exchange-numbers',
  results: (env, { records }) =>
    env
      .fromSource(sequenceSource(0, records - 1), watermarks.none<number>(), 'numbers')
      .setParallelism(1)
      .partitionCustom(lastSubtask, (n) => n)
      .map((n) => n),
  adder: (digest) => (n) => digest.add(mix(n)),
  plainly({ records }, add) {
    for (let n = 0; n < records; n++) add(n)
  },
}

export const EXCHANGE_JOBS: readonly AnyCheckedJob[] = [exchangeRows, exchangeNumbers]

function lastSubtask(_key: number, subtasks: number): number {
  return subtasks - 1
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Source } from '../../operator/source/source.ts'
import {
  SplitQueueEnumerator,
  type SplitQueueState,
} from '../source-base/split-queue-enumerator.ts'
import type { PeriodicSourceOptions, PollRows } from './periodic-options.ts'
import { PeriodicReader, type PeriodicSplit } from './periodic-reader.ts'

/**
 * A source that looks for rows every `intervalMs`, in a database or a file, and emits those that
 * are new or have changed. One subtask looks. What was emitted is part of
 * the state: after a restore only what changed since is emitted. Rows are plain data.
 *
 * Looking is never done twice at once: if it takes longer than the interval, the next look follows
 * at once. It ends with the job.
 *
 * ```ts
 * const prices = [{ item: 'tea', cents: 300 }]
 * const seen = new FakeTransactionLog<number>()
 * const job = testJob((env) => {
 *   env.enableCheckpointing(100)
 *   const rows = env.fromSource(periodicSource(1_000, () => prices, { key: ({ item }) => item }))
 *   rows.map(({ cents }) => cents).sinkTo(transactionalSink(seen))
 * })
 * await job.advance(3_500)
 * prices[0] = { item: 'tea', cents: 320 }
 * await job.advance(1_500)
 * seen.committed // => [300, 320]
 * job.stop()
 * ```
 * @throws INVALID_ARGUMENT if the interval is not above 0
 */
export function periodicSource<R>(
  intervalMs: number,
  poll: PollRows<R>,
  options: PeriodicSourceOptions<R> = {},
): Source<R, PeriodicSplit, SplitQueueState<PeriodicSplit>> {
  if (!(intervalMs > 0 && Number.isFinite(intervalMs))) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `the interval of a periodic source must be a number of milliseconds above 0, but is ` +
        `${intervalMs}`,
    )
  }
  return {
    name: `Periodic Source (every ${intervalMs} ms)`,
    boundedness: 'unbounded',
    parallelismLimit: { limit: 1, reason: 'one subtask looks for rows' },
    createEnumerator: (context, restored) =>
      new SplitQueueEnumerator(context, restored, () => [{ seen: [] }]),
    createReader: (context) => new PeriodicReader(context, intervalMs, poll, options),
  }
}

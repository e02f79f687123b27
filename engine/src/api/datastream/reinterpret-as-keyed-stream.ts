import type { KeySelector } from '../../operator/function/functions.ts'
import type { KeyedInput } from '../../plan/transformation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { type StreamBuilder, transformationOf } from './data-stream.ts'
import type { DataStream, KeyedStream } from './streams.ts'

/**
 * Takes a stream that is parted by key already for a keyed stream, without another shuffle: after
 * an operator on a keyed stream that kept the keys of its records.
 *
 * The stream must be parted exactly as `keyBy` with this selector would part it, at the same
 * parallelism and max parallelism. Nobody checks each record: that would cost what a shuffle saves.
 * A key in the wrong subtask gets state of its own there, and fails the next checkpoint.
 *
 * ```ts
 * const orders = env.fromElements({ user: 'x', n: 1 }, { user: 'x', n: 2 })
 * const totals = orders.keyBy((order) => order.user).sum('n')
 * const keyed = reinterpretAsKeyedStream(totals, (total) => total.user)
 * await keyed.max('n').map(({ n }) => n).executeAndCollect() // => [1, 3]
 * ```
 * @throws INVALID_PROGRAM from `execute`, if the parallelism changes between both operators
 */
export function reinterpretAsKeyedStream<T, K>(
  stream: DataStream<T>,
  selector: KeySelector<T, K>,
  keyType?: TypeInformation<K>,
): KeyedStream<T, K> {
  const { program } = stream as unknown as StreamBuilder<T>
  const keyed: KeyedInput = { keySelector: selector as never, keyType }
  const body = { kind: 'partition', partitioning: { kind: 'forward' } } as const
  const partition = program.add('Reinterpret as keyed', body, [transformationOf(stream)])
  return program.streams.keyed<T, K>(partition, keyed)
}

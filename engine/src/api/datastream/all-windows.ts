import type { Window } from '../../operator/window/window.ts'
import type { WindowAssigner } from '../../operator/window/window-assigner.ts'
import type { KeyedInput, Transformation } from '../../plan/transformation.ts'
import { plainData } from '../../types/plain-data.ts'
import type { Program } from './program.ts'
import type { WindowedStream } from './streams.ts'
import { WindowBuilder } from './window-builder.ts'

/** The one key of all records. */
const NO_KEY: KeyedInput = { keySelector: () => null, keyType: plainData<unknown>() }

/**
 * Why windows over all records run in one subtask; in plans, and in the error if one asks for more.
 */
const ONE_SUBTASK = 'windows over all records need to see them all, in one subtask'

/** Groups all records of a stream into windows, in one subtask. Their key is `null`. */
export function windowAllRecords<T, W extends Window>(
  program: Program,
  input: Transformation,
  assigner: WindowAssigner<T, W>,
): WindowedStream<T, null, W> {
  const body = { kind: 'partition', partitioning: { kind: 'global' } } as const
  const partition = program.add('Partition', body, [input])
  const parallelismLimit = { limit: 1, reason: ONE_SUBTASK }
  return new WindowBuilder<T, null, W>(program, partition, NO_KEY, { assigner, parallelismLimit })
}

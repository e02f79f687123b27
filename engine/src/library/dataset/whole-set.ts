import { transformationOf } from '../../api/datastream/data-stream.ts'
import type { DataStream } from '../../api/datastream/streams.ts'
import { subtaskPartitionOperator } from '../../operator/partition/subtask-partition.ts'
import type { SetComputation, SetComputationFactory } from './set-computation.ts'

/** A computation over a whole data set, in its two steps. */
export interface WholeSetStreams<OUT> {
  /** What each subtask has made of its own records. */
  readonly combined: DataStream<unknown>
  readonly result: DataStream<OUT>
}

/** Why the last step runs in one subtask; in plans, and in the error if one asks for more. */
const ONE_SUBTASK = 'a result over a whole data set is made in one subtask'

/**
 * Computes over all records of a stream: in each subtask over its own, and then, in one subtask,
 * over what those have made.
 */
export function computeOverAll<IN, OUT>(
  stream: DataStream<IN>,
  name: string,
  make: SetComputationFactory<IN, OUT>,
): WholeSetStreams<OUT> {
  const combine = (): SetComputation<IN, unknown> => ({
    ...make(),
    emit: (value, out) => out.collect(value),
  })
  const combined = stream.transform(`${name} (combine)`, subtaskPartitionOperator(combine))
  const result = combined.transform<OUT>(
    name,
    subtaskPartitionOperator<unknown, OUT>(() => {
      const computation = make()
      return { ...computation, fold: computation.absorb }
    }),
  )
  const transformation = transformationOf(result)
  transformation.parallelismLimit = { limit: 1, reason: ONE_SUBTASK }
  transformation.description = ONE_SUBTASK
  return { combined, result }
}

import { transformationOf } from '../../api/datastream/data-stream.ts'
import type { DataStream } from '../../api/datastream/streams.ts'
import type { KeySelector } from '../../operator/function/functions.ts'
import type { TaggedRecord } from '../../operator/join/tagged-record.ts'
import { keyedPartitionOperator } from '../../operator/partition/keyed-partition.ts'
import type { KeyComputationFactory } from '../../operator/partition/partition-computation.ts'
import { recordTypeOf } from '../../plan/transformation.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { DataSetOperands } from './data-sets.ts'
import type { SideTypes } from './join-computation.ts'
import { type KeyOf, keySelectorOf, requireKey } from './record-key.ts'

/** Two streams, to be joined or co-grouped. */
interface StreamPair<L, R> {
  readonly left: DataStream<L>
  readonly right: DataStream<R>
  /** What is done with them, in the words of the program. */
  readonly use: string
}

/** Two streams with the keys of their records, made one stream of tagged records. */
export class KeyedSides<L, R> {
  readonly types: SideTypes<L, R>
  readonly #streams: StreamPair<L, R>
  readonly #keySelector: KeySelector<TaggedRecord<L, R>, unknown>
  readonly #keyType: TypeInformation<unknown> | undefined

  constructor(
    streams: StreamPair<L, R>,
    leftKey: KeySelector<L, unknown>,
    rightKey: KeySelector<R, unknown>,
    keyType: TypeInformation<unknown> | undefined,
  ) {
    this.types = sideTypes(streams.left, streams.right)
    this.#streams = streams
    this.#keySelector = ({ side, value }) =>
      side === 'left' ? leftKey(value as L) : rightKey(value as R)
    this.#keyType = keyType
  }

  /** Computes over the records of each key. */
  compute<OUT>(
    name: string,
    make: KeyComputationFactory<TaggedRecord<L, R>, OUT>,
  ): DataStream<OUT> {
    const { left, right, use } = this.#streams
    const tagged = left
      .map((value): TaggedRecord<L, R> => ({ side: 'left', value }))
      .name('Tag left')
      .union(right.map((value): TaggedRecord<L, R> => ({ side: 'right', value })).name('Tag right'))
    const selector = this.#keySelector
    return tagged
      .keyBy(selector, this.#keyType)
      .transform<OUT>(name, keyedPartitionOperator(make, requireKey(selector, use)))
  }
}

/** Asks for the keys of two streams; `keyed` says what comes of them. */
export function operandsOf<L, R, KEYED>(
  streams: StreamPair<L, R>,
  keyed: (sides: KeyedSides<L, R>) => KEYED,
): DataSetOperands<L, R, KEYED> {
  return {
    where: (leftKey: KeyOf<L>, keyType?: TypeInformation<never>) => ({
      equalTo: (rightKey: KeyOf<R>): KEYED => {
        const left = keySelectorOf(leftKey)
        return keyed(new KeyedSides(streams, left, keySelectorOf(rightKey), keyType))
      },
    }),
  }
}

/** The types of the records of both streams, where they are declared. */
export function sideTypes<L, R>(left: DataStream<L>, right: DataStream<R>): SideTypes<L, R> {
  return {
    left: recordTypeOf(transformationOf(left)) as TypeInformation<L> | undefined,
    right: recordTypeOf(transformationOf(right)) as TypeInformation<R> | undefined,
  }
}

import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'

/** A record of one of two streams that were made one, to share windows. */
export interface TaggedRecord<L, R> {
  readonly side: 'left' | 'right'
  readonly value: L | R
}

/** The type of tagged records, if that of both sides is known. */
export function taggedType<L, R>(
  left: TypeInformation<L> | undefined,
  right: TypeInformation<R> | undefined,
): TypeInformation<TaggedRecord<L, R>> | undefined {
  if (left === undefined || right === undefined) return undefined
  // The side says how the value was written; a value that fits both types would not.
  const pair = types.oneOf(
    types.row({ side: types.literal('left'), value: left }),
    types.row({ side: types.literal('right'), value: right }),
  )
  return pair as TypeInformation<unknown> as TypeInformation<TaggedRecord<L, R>>
}

import { types } from '@millrace/engine'
import type { Source } from '@millrace/engine/spi'
import type { NexmarkEvent } from './nexmark-event.ts'
import { NexmarkGenerator } from './nexmark-generator.ts'
import type { NexmarkOptions } from './nexmark-options.ts'
import { NexmarkReader } from './nexmark-reader.ts'
import { firstSplits, type NexmarkSplit } from './nexmark-split.ts'
import { ShareEnumerator } from './share-enumerator.ts'

/** Options of {@link nexmarkSource}. */
export interface NexmarkSourceOptions extends NexmarkOptions {
  /** How many events there are, of all kinds together. Default: no end. */
  readonly events?: number
  /** Into how many splits they are cut: the highest useful parallelism. Default 128. */
  readonly splits?: number
}

const splitType = types.row({ index: types.int, next: types.int })

/**
 * The events of the Nexmark benchmark, as fast as they are taken. Events 1 to 1,000 are of the
 * first split, the next 1,000 of the second, and so on round; a reader emits its events in the
 * order of their numbers. So the set of events and the order within a split are the same at any
 * parallelism. A split's state is the number of its next event.
 *
 * For a pace use `rateLimited(nexmarkSource(options), eventsPerSecond)`.
 */
export function nexmarkSource(
  options: NexmarkSourceOptions = {},
): Source<NexmarkEvent, NexmarkSplit, readonly NexmarkSplit[]> {
  const { events = Number.POSITIVE_INFINITY, splits = 128, ...stream } = options
  return {
    name: 'Nexmark Source',
    boundedness: events === Number.POSITIVE_INFINITY ? 'unbounded' : 'bounded',
    splitType,
    enumeratorStateType: types.array(splitType),
    createEnumerator: (context, restored) =>
      new ShareEnumerator(context, restored ?? firstSplits(splits, events)),
    createReader: (context) =>
      new NexmarkReader(context, { generator: new NexmarkGenerator(stream), events, splits }),
  }
}

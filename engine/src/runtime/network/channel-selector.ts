import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Random } from '../../env/random.ts'
import type { Partitioning } from '../../plan/partitioning.ts'
import { hashSelector } from './hash-selector.ts'
import type { ChannelSelector } from './result-partition.ts'

/** Where a selector works: the sending subtask and the receiving side. */
export interface SelectorPlace {
  readonly channelCount: number
  readonly targetMaxParallelism: number
  readonly sourceSubtask: number
  readonly random: Random
  /** Where `hash` counts records by key group. Default: nobody reads the counts. */
  readonly keyGroupRecords?: Float64Array | undefined
}

/** Makes the selector of an edge for one sending subtask. */
export function channelSelector(partitioning: Partitioning, place: SelectorPlace): ChannelSelector {
  const { channelCount } = place
  switch (partitioning.kind) {
    case 'forward':
    case 'global':
    case 'broadcast':
      return oneByOne(() => 0)
    case 'rebalance':
    case 'rescale':
      return roundRobin(channelCount, place.sourceSubtask)
    case 'shuffle':
      return oneByOne(() => place.random.below(channelCount))
    case 'hash': {
      const { targetMaxParallelism: maxParallelism } = place
      return hashSelector({
        keyOf: partitioning.keySelector as (value: unknown) => unknown,
        channelCount,
        maxParallelism,
        records: place.keyGroupRecords ?? new Float64Array(maxParallelism),
      })
    }
    case 'custom':
      return customSelector(partitioning, channelCount)
  }
}

function oneByOne(select: (value: unknown) => number): ChannelSelector {
  return (values, length, channels) => {
    for (let i = 0; i < length; i++) channels[i] = select(values[i])
  }
}

function roundRobin(channelCount: number, start: number): ChannelSelector {
  let next = start % channelCount
  return oneByOne(() => {
    const channel = next
    next = channel + 1 === channelCount ? 0 : channel + 1
    return channel
  })
}

function customSelector(
  partitioning: Extract<Partitioning, { kind: 'custom' }>,
  channelCount: number,
): ChannelSelector {
  const select = partitioning.keySelector as (value: unknown) => unknown
  const pick = partitioning.partitioner as (key: unknown, subtasks: number) => number
  return oneByOne((value) => {
    const channel = pick(select(value), channelCount)
    if (Number.isInteger(channel) && channel >= 0 && channel < channelCount) return channel
    throw new EngineError(
      ErrorCode.USER_FUNCTION,
      `the custom partitioner returned ${channel}; it must return a whole number from 0 to ` +
        `${channelCount - 1}`,
    )
  })
}

/**
 * The receiving subtasks that one sending subtask has channels to, and the other way round. All
 * pairs, except for `forward` (i to i) and `rescale` (shares).
 */
export function connectedSubtasks(
  partitioning: Partitioning,
  sourceSubtask: number,
  sourceParallelism: number,
  targetParallelism: number,
): readonly number[] {
  if (partitioning.kind === 'forward') return [sourceSubtask]
  const all = Array.from({ length: targetParallelism }, (_, index) => index)
  if (partitioning.kind !== 'rescale') return all
  if (targetParallelism >= sourceParallelism) {
    const first = Math.ceil((sourceSubtask * targetParallelism) / sourceParallelism)
    const end = Math.ceil(((sourceSubtask + 1) * targetParallelism) / sourceParallelism)
    return all.slice(first, end)
  }
  return [Math.floor((sourceSubtask * targetParallelism) / sourceParallelism)]
}

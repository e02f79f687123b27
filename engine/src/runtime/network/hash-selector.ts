/**
 * Picks channels by key group.
 *
 * Hot, and generated: every record of a keyed exchange comes by here. Code of its own for each edge
 * lets V8 inline the key selector, the number of key groups as a literal saves a division, and a
 * table of the channels saves another. Its twin works record by record.
 */
import { codeGenerationAllowed, runGenerated } from '../../base/generated-code.ts'
import { keyGroupOf, subtaskOfKeyGroup } from '../../core/key-group.ts'
import { hashKey } from '../../types/key-hash.ts'
import type { ChannelSelector } from './result-partition.ts'

/** What the channel of a record depends on. */
export interface HashSelectorOptions {
  readonly keyOf: (value: unknown) => unknown
  readonly channelCount: number
  /** How many key groups there are. */
  readonly maxParallelism: number
  /** Where records are counted by key group. */
  readonly records: Float64Array
}

/** The selector of a keyed exchange, generated if the platform lets code be generated. */
export function hashSelector(options: HashSelectorOptions): ChannelSelector {
  if (!codeGenerationAllowed) return plainHashSelector(options)
  const { keyOf, maxParallelism, channelCount, records } = options
  const channelOf = Uint16Array.from({ length: maxParallelism }, (_, keyGroup) =>
    subtaskOfKeyGroup(keyGroup, maxParallelism, channelCount),
  )
  const parameters = { keyOf, hashKey, channelOf, records }
  return runGenerated('route', selectorText(maxParallelism), parameters) as ChannelSelector
}

/** The twin of the generated selector. */
export function plainHashSelector(options: HashSelectorOptions): ChannelSelector {
  const { keyOf, maxParallelism, channelCount, records } = options
  return (values, length, channels) => {
    for (let i = 0; i < length; i++) {
      const keyGroup = keyGroupOf(hashKey(keyOf(values[i])), maxParallelism)
      records[keyGroup] = (records[keyGroup] as number) + 1
      channels[i] = subtaskOfKeyGroup(keyGroup, maxParallelism, channelCount)
    }
  }
}

/** As `keyGroupOf` and `subtaskOfKeyGroup`, whose results the twin's must equal. */
function selectorText(maxParallelism: number): string {
  return `return function selectChannels(values, length, channels) {
  for (let i = 0; i < length; i++) {
    const keyGroup = hashKey(keyOf(values[i])) % ${maxParallelism}
    records[keyGroup]++
    channels[i] = channelOf[keyGroup]
  }
}`
}

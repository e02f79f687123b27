/**
 * Picks channels by key group.
 *
 * Hot, and generated: every record of a keyed exchange comes by here. Code of its own for each edge
 * lets V8 inline the key selector, the number of key groups as a literal saves a division, and a
 * table of the channels saves another. The hash is what remains: two thirds of the time, for its
 * multiplications wait for each other. So the key groups of the integers seen last are remembered.
 * Its twin works record by record and remembers nothing.
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

/** How many bits of an integer choose where its key group is remembered: 128 KiB for an edge. */
const PLACE_BITS = 14

/** In place of a key group: none is remembered here. */
const UNKNOWN = -1

/**
 * The selector of a keyed exchange, generated if the platform lets code be generated, and if there
 * is something to select: a partition does not ask where there is one channel.
 */
export function hashSelector(options: HashSelectorOptions): ChannelSelector {
  const { keyOf, maxParallelism, channelCount, records } = options
  if (!codeGenerationAllowed || channelCount === 1) return plainHashSelector(options)
  const channelOf = Uint16Array.from({ length: maxParallelism }, (_, keyGroup) =>
    subtaskOfKeyGroup(keyGroup, maxParallelism, channelCount),
  )
  const known = new Int32Array(2 << PLACE_BITS).fill(UNKNOWN)
  const parameters = { keyOf, hashKey, channelOf, records, known }
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

/**
 * As `keyGroupOf` and `subtaskOfKeyGroup`, whose results the twin's must equal. Keys and their key
 * groups take turns in `known`; integers next to each other are remembered next to each other, for
 * those of one time most often are. Minus zero is 0 here, as it is to `hashKey`.
 */
function selectorText(maxParallelism: number): string {
  return `return function selectChannels(values, length, channels) {
  for (let i = 0; i < length; i++) {
    const key = keyOf(values[i])
    let keyGroup = ${UNKNOWN}
    if (typeof key === 'number' && (key | 0) === key) {
      const place = ((key ^ (key >>> ${PLACE_BITS})) & ${(1 << PLACE_BITS) - 1}) << 1
      if (known[place] === key) keyGroup = known[place + 1]
      if (keyGroup === ${UNKNOWN}) {
        keyGroup = hashKey(key) % ${maxParallelism}
        known[place] = key
        known[place + 1] = keyGroup
      }
    } else keyGroup = hashKey(key) % ${maxParallelism}
    records[keyGroup]++
    channels[i] = channelOf[keyGroup]
  }
}`
}

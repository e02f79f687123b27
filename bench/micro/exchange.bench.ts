import { LocalChannel, RecordBatch } from '@millrace/engine/spi'
import { nodeTextBytes } from '../../engine/src/env/node/node-text-bytes.ts'
import type { ChannelReceiver, ChannelSender } from '../../engine/src/runtime/network/channel.ts'
import { channelSelector } from '../../engine/src/runtime/network/channel-selector.ts'
import { ResultPartition } from '../../engine/src/runtime/network/result-partition.ts'
import { Doorbell } from '../../engine/src/runtime/network/ring/doorbell.ts'
import { RingReceiver } from '../../engine/src/runtime/network/ring/ring-receiver.ts'
import { RingSender } from '../../engine/src/runtime/network/ring/ring-sender.ts'
import { createRing } from '../../engine/src/runtime/network/ring/shared-ring.ts'
import { TypeRegistry } from '../../engine/src/types/type-registry.ts'
import { type MicroCase, RECORDS } from './micro-case.ts'

const CHANNELS = 4

interface Keyed {
  readonly key: number
}

/** What the two ends of a channel are. */
interface Ends {
  readonly sender: ChannelSender
  readonly receiver: ChannelReceiver
}

/**
 * Keyed exchanges: records are split by key group and taken off again, by reference as in one
 * isolate, and as columns through the rings of two threads, both ends of which are here.
 */
export const exchangeCases: readonly MicroCase[] = [
  byKey('exchange-by-key', localChannel, (key): Keyed => ({ key })),
  byKey('exchange-by-key-numbers-in-rings', ring, (key) => ({
    key,
    bidder: key % 331,
    price: key / 4,
    timeMs: 1_700_000_000_000 + key,
  })),
  byKey('exchange-by-key-texts-in-rings', ring, (key) => ({
    kind: 'bid',
    key,
    channel: `channel-${key % 500}`,
    url: `https://example.org/${key.toString(36)}/item.htm`,
  })),
]

function byKey(name: string, channel: () => Ends, recordOf: (key: number) => Keyed): MicroCase {
  return {
    name,
    records: RECORDS,
    prepare: () => {
      const ends = Array.from({ length: CHANNELS }, channel)
      const select = channelSelector(
        { kind: 'hash', keySelector: (record: Keyed) => record.key },
        {
          channelCount: CHANNELS,
          targetMaxParallelism: 128,
          sourceSubtask: 0,
          random: undefined as never, // only the partitioning `shuffle` draws
        },
      )
      const senders = ends.map(({ sender }) => sender)
      const partition = new ResultPartition(senders, select, false)
      const records = Array.from({ length: RECORDS }, (_, index) => recordOf(index * 7919))
      const batch = RecordBatch.of<unknown>(records, 0)
      return () => {
        partition.addBatch(batch)
        partition.flush()
        let sum = 0
        for (const [index, { receiver }] of ends.entries()) sum += (index + 1) * drain(receiver)
        return sum
      }
    },
  }
}

function localChannel(): Ends {
  const channel = new LocalChannel(16)
  return { sender: channel, receiver: channel }
}

function ring(): Ends {
  const bell = (): SharedArrayBuffer => new SharedArrayBuffer(4)
  const end = {
    ring: createRing(1 << 20),
    doorbell: new Doorbell(bell(), () => {}),
    peerBell: bell(),
    text: nodeTextBytes,
    registry: new TypeRegistry(),
  }
  return { sender: new RingSender(end), receiver: new RingReceiver(end) }
}

function drain(channel: ChannelReceiver): number {
  let sum = 0
  for (let element = channel.poll(); element !== undefined; element = channel.poll()) {
    if (element.kind !== 'records') continue
    const { values, length } = element
    for (let index = 0; index < length; index++) sum += (values[index] as Keyed).key
    channel.recycle(element)
  }
  return sum
}

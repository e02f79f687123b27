import { LocalChannel, RecordBatch } from '@millrace/engine/spi'
import { channelSelector } from '../../engine/src/runtime/network/channel-selector.ts'
import { ResultPartition } from '../../engine/src/runtime/network/result-partition.ts'
import { type MicroCase, RECORDS } from './micro-case.ts'

const CHANNELS = 4

/** A keyed exchange inside one isolate: records are split by key group and taken off again. */
export const exchangeCases: readonly MicroCase[] = [
  {
    name: 'exchange-by-key',
    records: RECORDS,
    prepare: () => {
      const channels = Array.from({ length: CHANNELS }, () => new LocalChannel(16))
      const select = channelSelector(
        { kind: 'hash', keySelector: (record: { readonly key: number }) => record.key },
        {
          channelCount: CHANNELS,
          targetMaxParallelism: 128,
          sourceSubtask: 0,
          random: undefined as never, // only the partitioning `shuffle` draws
        },
      )
      const partition = new ResultPartition(channels, select, false)
      const records = Array.from({ length: RECORDS }, (_, index) => ({ key: index * 7919 }))
      const batch = RecordBatch.of<unknown>(records, 0)
      return () => {
        partition.addBatch(batch)
        partition.flush()
        let sum = 0
        for (const [index, channel] of channels.entries()) sum += (index + 1) * drain(channel)
        return sum
      }
    },
  },
]

function drain(channel: LocalChannel): number {
  let sum = 0
  for (let element = channel.poll(); element !== undefined; element = channel.poll()) {
    if (element.kind !== 'records') continue
    const { values, length } = element
    for (let index = 0; index < length; index++) sum += (values[index] as { key: number }).key
  }
  return sum
}

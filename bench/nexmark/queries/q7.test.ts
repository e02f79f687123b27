import { collectionSource, getExecutionEnvironment } from '@millrace/engine'
import { describe, expect, it } from 'vitest'
import type { Bid, NexmarkEvent } from '../generator/nexmark-event.ts'
import { nexmarkEvents } from '../nexmark-job.ts'
import { eventDatabase, referenceTable } from '../reference/event-database.ts'
import { REFERENCE_SQL } from '../reference/reference-sql.ts'
import { tableOf } from '../reference/result-table.ts'
import { q7 } from './q7.ts'

function bidAt(dateTime: number, price: number): Bid {
  return { kind: 'bid', auction: 1, bidder: 2, price, channel: '', url: '', dateTime, extra: '' }
}

describe('Nexmark q7 (BEN-02)', () => {
  it('counts a bid at the end of a window to it too', async () => {
    const bids = [bidAt(9_000, 50), bidAt(10_000, 50), bidAt(10_001, 50), bidAt(12_000, 99)]
    const env = getExecutionEnvironment().setParallelism(1)
    const source = collectionSource<NexmarkEvent>(bids, { timestamp: ({ dateTime }) => dateTime })
    const rows = await q7.results(nexmarkEvents(env, source)).executeAndCollect()
    expect(rows.map(({ dateTime }) => dateTime)).toEqual([9_000, 10_000, 12_000])
    const expected = referenceTable(eventDatabase(bids), REFERENCE_SQL.q7 as string)
    expect(tableOf(q7, rows)).toEqual(expected)
  })
})

import { mix } from '../../digest/mix.ts'
import type { MultisetDigest } from '../../digest/multiset-digest.ts'
import type { AddResult } from '../../jobs/checked-job.ts'

/** Seven fields, three of them texts: what goes from thread to thread. */
export interface WideRow {
  readonly id: number
  readonly bidder: number
  readonly price: number
  readonly timeMs: number
  readonly channel: string
  readonly url: string
  readonly note: string
}

/** Rows are made once, so that a rate is that of the exchange and not of making rows. */
const ROWS: readonly WideRow[] = Array.from({ length: 4_096 }, (_, id) => {
  const word = mix(id)
  return {
    id,
    bidder: word % 10_000,
    price: (word >>> 8) / 100,
    timeMs: 1_700_000_000_000 + id,
    channel: `channel-${word % 500}`,
    url: `https://example.com/${word.toString(36)}/item.htm`,
    note: mix(word)
      .toString(2)
      .slice(0, 8 + (id % 16)),
  }
})

export function wideRowOf(index: number): WideRow {
  return ROWS[index % ROWS.length] as WideRow
}

/** Looks at every field of a row, and takes little time for it. */
export function wideRowAdder(digest: MultisetDigest): AddResult<WideRow> {
  return ({ id, bidder, price, timeMs, channel, url, note }) => {
    const numbers = id + 31 * bidder + 100 * price + timeMs
    const texts = lastOf(channel) + 7 * lastOf(url) + 49 * lastOf(note)
    digest.add(mix((numbers % 2 ** 31) + texts))
  }
}

function lastOf(text: string): number {
  return text.length + 256 * text.charCodeAt(text.length - 1)
}

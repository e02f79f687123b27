import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { mix } from '../../digest/mix.ts'
import type { NexmarkEvent } from './nexmark-event.ts'
import { NexmarkGenerator } from './nexmark-generator.ts'

/** The fields in the order of the schema behind the type of the event, joined by `|`. */
function lineOf({ kind, ...fields }: NexmarkEvent): string {
  const eventType = { person: 0, auction: 1, bid: 2 }[kind]
  return [eventType, ...Object.values(fields)].join('|')
}

const BASE_MS = Date.UTC(2015, 6, 15)

describe('the Nexmark generator (BEN-02)', () => {
  const generator = new NexmarkGenerator()

  it('mixes as described', () => {
    expect(mix(1)).toBe(1_753_845_952)
  })

  it('makes the events of the table', () => {
    expect(generator.event(1)).toMatchObject({
      kind: 'auction',
      id: 1_001,
      initialBid: 76_584_278,
      reserve: 76_615_917,
      dateTime: BASE_MS,
      expires: BASE_MS + 67,
      seller: 1_000,
      category: 11,
      itemName: 'fciz koo w',
    })
    expect(generator.event(3)).toMatchObject({
      kind: 'bid',
      auction: 1_000,
      bidder: 1_001,
      price: 146,
      channel: 'channel-4996',
      dateTime: BASE_MS,
    })
    expect(generator.event(4)).toMatchObject({
      auction: 1_003,
      bidder: 1_009,
      price: 717,
      channel: 'channel-3761',
    })
    expect(generator.event(49)).toMatchObject({
      kind: 'person',
      id: 1_001,
      name: 'Luke Walton',
      emailAddress: 'gytzer@swqd.com',
      creditCard: '8453 0475 8132 9251',
      city: 'Phoenix',
      state: 'WY',
      dateTime: BASE_MS + 4,
    })
    expect(generator.event(1_000)).toMatchObject({
      id: 1_060,
      initialBid: 333,
      reserve: 15_186,
      dateTime: BASE_MS + 100,
      expires: BASE_MS + 423,
      seller: 1_000,
      category: 11,
      itemName: 'fsec',
    })
  })

  it('makes 10,000 events with the known digest', () => {
    const hash = createHash('sha256')
    for (let n = 1; n <= 10_000; n++) hash.update(`${lineOf(generator.event(n))}\n`)
    expect(hash.digest('hex')).toBe(
      'a2db200b96e66eb70afba1cefd65c4ca2da3bc2de70e990523fcfe3cfbc857a3',
    )
  })

  it('makes 1,000,000 events with the known sums', () => {
    const counts = { person: 0, auction: 0, bid: 0 }
    const auctions = new Set<number>()
    const bidders = new Set<number>()
    let [priceSum, priceMax, onHotChannels] = [0, 0, 0]
    for (let n = 1; n <= 1_000_000; n++) {
      const event = generator.event(n)
      counts[event.kind]++
      if (event.kind !== 'bid') continue
      priceSum += event.price
      priceMax = Math.max(priceMax, event.price)
      auctions.add(event.auction)
      bidders.add(event.bidder)
      if (!event.channel.startsWith('channel-')) onHotChannels++
    }
    expect(counts).toEqual({ person: 20_000, auction: 60_000, bid: 920_000 })
    expect({ priceSum, priceMax }).toEqual({ priceSum: 6_669_606_235_010, priceMax: 99_999_325 })
    expect([auctions.size, bidders.size, onHotChannels]).toEqual([59_967, 19_936, 459_468])
  })

  it('makes an event alone as it makes it among others, by seed', () => {
    expect(new NexmarkGenerator().event(777_777)).toEqual(generator.event(777_777))
    expect(new NexmarkGenerator({ seed: 2 }).event(777_777)).not.toEqual(generator.event(777_777))
  })

  it('puts events out of order within groups only', () => {
    const grouped = new NexmarkGenerator({ outOfOrderGroup: 10 })
    const linesOf = (from: NexmarkGenerator): string[] =>
      Array.from({ length: 10 }, (_, index) => lineOf(from.event(100 + index)))
    expect(linesOf(grouped)).not.toEqual(linesOf(generator))
    expect(linesOf(grouped).sort()).toEqual(linesOf(generator).sort())
  })

  it('adds the first id to bidders twice if told so', () => {
    const original = new NexmarkGenerator({ bidderIdQuirk: true })
    expect(original.event(3)).toMatchObject({ bidder: 2_001 })
  })

  it('refuses options that cannot be meant', () => {
    expect(() => new NexmarkGenerator({ bids: 0 })).toThrow('bids must be a whole number')
    expect(() => new NexmarkGenerator({ rate: Number.NaN })).toThrow('rate must be')
  })
})

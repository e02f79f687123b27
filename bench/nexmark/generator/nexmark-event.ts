import { type TypeInformation, types } from '@millrace/engine'

/** Somebody who sells and bids. Times are in milliseconds since 1970. */
export interface Person {
  readonly kind: 'person'
  readonly id: number
  readonly name: string
  readonly emailAddress: string
  readonly creditCard: string
  readonly city: string
  readonly state: string
  readonly dateTime: number
  readonly extra: string
}

/** Something for sale. */
export interface Auction {
  readonly kind: 'auction'
  readonly id: number
  readonly itemName: string
  readonly description: string
  readonly initialBid: number
  readonly reserve: number
  readonly dateTime: number
  readonly expires: number
  readonly seller: number
  readonly category: number
  readonly extra: string
}

/** An offer for an auction. */
export interface Bid {
  readonly kind: 'bid'
  readonly auction: number
  readonly bidder: number
  readonly price: number
  readonly channel: string
  readonly url: string
  readonly dateTime: number
  readonly extra: string
}

/** An event of the stream; its fields are named as in the published schema. */
export type NexmarkEvent = Person | Auction | Bid

export const personType: TypeInformation<Person> = types.row({
  kind: types.literal('person'),
  id: types.int,
  name: types.string,
  emailAddress: types.string,
  creditCard: types.string,
  city: types.string,
  state: types.string,
  dateTime: types.int,
  extra: types.string,
})

export const auctionType: TypeInformation<Auction> = types.row({
  kind: types.literal('auction'),
  id: types.int,
  itemName: types.string,
  description: types.string,
  initialBid: types.int,
  reserve: types.int,
  dateTime: types.int,
  expires: types.int,
  seller: types.int,
  category: types.int,
  extra: types.string,
})

export const bidType: TypeInformation<Bid> = types.row({
  kind: types.literal('bid'),
  auction: types.int,
  bidder: types.int,
  price: types.int,
  channel: types.string,
  url: types.string,
  dateTime: types.int,
  extra: types.string,
})

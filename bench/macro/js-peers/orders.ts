import { mix } from '../../digest/mix.ts'

/** A record of the comparison. */
export interface Order {
  readonly id: number
  readonly customer: number
  readonly price: number
  readonly quantity: number
  readonly weight: number
  readonly country: string
}

/** What an order is worth to a customer. */
export interface Amount {
  readonly customer: number
  readonly amount: number
}

export const CUSTOMERS = 10_000
const COUNTRIES = ['DE', 'FR', 'IT', 'JP', 'US', 'IN', 'BR', 'KE'] as const

// Every program makes, filters and projects orders by these functions.

export function orderOf(id: number): Order {
  const word = mix(id)
  return {
    id,
    customer: word % CUSTOMERS,
    price: 1 + ((word >>> 8) & 0xfff),
    quantity: word & 7,
    weight: (word >>> 4) & 0xff,
    country: COUNTRIES[word >>> 29] as string,
  }
}

export function isOrdered({ quantity }: Order): boolean {
  return quantity > 0
}

export function amountOf({ customer, price, quantity }: Order): Amount {
  return { customer, amount: price * quantity }
}

/** Takes up the last total of each customer: the sink of all programs. */
export class Totals {
  readonly #totals = new Float64Array(CUSTOMERS)

  set(customer: number, total: number): void {
    this.#totals[customer] = total
  }

  /** A digest of all totals. */
  get text(): string {
    let hash = 0
    let sum = 0
    for (const total of this.#totals) {
      hash = (Math.imul(hash, 31) + mix(total)) | 0
      sum += total
    }
    return `${sum}-${hash >>> 0}`
  }
}

/** The totals after so many orders, in one plain loop: what every program must give. */
export function totalsPlainly(orders: number): string {
  const totals = new Totals()
  const sums = new Float64Array(CUSTOMERS)
  for (let id = 0; id < orders; id++) {
    const order = orderOf(id)
    if (!isOrdered(order)) continue
    const { customer, amount } = amountOf(order)
    sums[customer] = (sums[customer] as number) + amount
    totals.set(customer, sums[customer] as number)
  }
  return totals.text
}

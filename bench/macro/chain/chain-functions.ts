import { mix } from '../../digest/mix.ts'

/** What flows through the chain. */
export interface Item {
  readonly id: number
  readonly group: number
  readonly amount: number
}

// The six functions of the chain: the job's operators, and what the loop calls in their place.

export function toItem(id: number): Item {
  const word = mix(id)
  return { id, group: word & 0xff, amount: word >>> 16 }
}

export function isLarge({ amount }: Item): boolean {
  return amount >= 8_192
}

export function discounted({ id, group, amount }: Item): Item {
  return { id, group, amount: amount - (amount >> 3) }
}

export function regrouped({ id, group, amount }: Item): Item {
  return { id, group: (group * 31 + id) & 0xff, amount }
}

export function isOfGroups({ group }: Item): boolean {
  return group < 192
}

export function toScore({ id, group, amount }: Item): number {
  return (amount * 7 + group + id) | 0
}

/** Neighbouring events that are of one split. */
export const STRIPE_EVENTS = 1_000

/** A share of the stream: stripes of events, `splits` stripes apart. */
export interface NexmarkSplit {
  readonly index: number
  /** The number of its next event. */
  readonly next: number
}

/** The splits at the beginning of a stream of `events` events; those without events left out. */
export function firstSplits(splits: number, events: number): readonly NexmarkSplit[] {
  const used = Math.min(splits, Math.ceil(events / STRIPE_EVENTS))
  return Array.from({ length: used }, (_, index) => ({ index, next: index * STRIPE_EVENTS + 1 }))
}

/** The number of the last event of the stripe in which event `n` is. */
export function stripeEnd(n: number): number {
  return Math.ceil(n / STRIPE_EVENTS) * STRIPE_EVENTS
}

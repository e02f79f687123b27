import { MultisetDigest } from '../digest/multiset-digest.ts'
import { RowHash } from '../digest/row-hash.ts'
import type { ProgramOutcome } from '../runner/program.ts'
import { NexmarkGenerator } from './generator/nexmark-generator.ts'
import { q0 } from './queries/q0.ts'

/** Makes the events and does nothing with them. */
export function generateEvents(events: number): ProgramOutcome {
  const generator = new NexmarkGenerator()
  let sum = 0
  for (let n = 1; n <= events; n++) {
    const event = generator.event(n)
    sum = (sum + (event.kind === 'bid' ? event.price : event.id)) % 1e9
  }
  return { output: `${events}-${sum}` }
}

/**
 * Makes the events and digests the bids, as the sink of q0 does: its output is that of q0. V8 puts
 * off work on texts until somebody reads them, and what that costs is no matter of an engine.
 */
export function digestEvents(events: number): ProgramOutcome {
  const generator = new NexmarkGenerator()
  const digest = new MultisetDigest()
  const hash = new RowHash()
  for (let n = 1; n <= events; n++) {
    const event = generator.event(n)
    if (event.kind === 'bid') digest.add(q0.hash(event, hash.begin()).word)
  }
  return { output: digest.text }
}

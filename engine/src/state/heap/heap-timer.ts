import type { KeyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'

/** A registered timer. Never changes, but for being canceled. */
export class HeapTimer {
  readonly key: unknown
  readonly identity: KeyIdentity
  readonly namespace: Namespace
  readonly timestampMs: number
  /** Order of registration, by which timers of equal time fire. */
  readonly sequence: number
  /** False once it was deleted or has fired; it may still be in the heap. */
  live = true

  constructor(
    key: unknown,
    identity: KeyIdentity,
    namespace: Namespace,
    timestampMs: number,
    sequence: number,
  ) {
    this.key = key
    this.identity = identity
    this.namespace = namespace
    this.timestampMs = timestampMs
    this.sequence = sequence
  }
}

/** True if `left` fires before `right`. */
export function firesBefore(left: HeapTimer, right: HeapTimer): boolean {
  if (left.timestampMs !== right.timestampMs) return left.timestampMs < right.timestampMs
  return left.sequence < right.sequence
}

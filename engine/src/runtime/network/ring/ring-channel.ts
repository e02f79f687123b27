import type { TextBytes } from '../../../base/text-bytes.ts'
import type { TypeRegistry } from '../../../types/type-registry.ts'
import type { Doorbell } from './doorbell.ts'

/** What one end of a channel between two threads is made of. */
export interface RingChannelEnd {
  /** The frames in flight, see `createRing`. */
  readonly ring: SharedArrayBuffer
  /** Wakes this end's thread. */
  readonly doorbell: Doorbell
  /** The word that wakes the thread of the other end. */
  readonly peerBell: SharedArrayBuffer
  /** How strings become bytes on this platform. */
  readonly text: TextBytes
  /** The classes whose instances may cross. */
  readonly registry: TypeRegistry
}

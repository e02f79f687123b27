import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { type KeyIdentity, keyIdentity } from '../../types/key-identity.ts'

/** Stands for "no key was set yet": no key has this identity. */
const NO_IDENTITY = Symbol('no key') as unknown as KeyIdentity

/** The key that state access concerns, with its identity computed once. */
export class CurrentKey {
  key: unknown = undefined
  identity: KeyIdentity = NO_IDENTITY
  /** Event time of the record at hand; `NaN` for none, for a timer, or if nobody said. */
  timestampMs: number = Number.NaN

  set(key: unknown): void {
    this.key = key
    this.identity = keyIdentity(key)
  }

  /** No key is set any more. */
  clear(): void {
    this.key = undefined
    this.identity = NO_IDENTITY
  }

  /** Sets the key of a timer, whose identity is known. */
  setKnown(key: unknown, identity: KeyIdentity): void {
    this.key = key
    this.identity = identity
    this.timestampMs = Number.NaN
  }

  /**
   * Called where an entry was not found, so that access without a key costs nothing elsewhere.
   * @throws INVALID_PROGRAM if no key was set yet: use keyed state while processing records or
   * timers, not in `open`.
   */
  check(stateName: string): void {
    if (this.identity !== NO_IDENTITY) return
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `keyed state "${stateName}" was used without a current key; use it while a record or a ` +
        'timer is processed, not in open() or snapshotState()',
    )
  }
}

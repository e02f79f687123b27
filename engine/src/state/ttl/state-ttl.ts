import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** When the time to live of an entry begins anew. */
export type TtlUpdate =
  /** When it is written. */
  | 'on-create-and-write'
  /** When it is written or read. */
  | 'on-read-and-write'

/** What a read of an expired entry gives. */
export type TtlVisibility =
  /** Nothing, as if it had never been there. */
  | 'never-return-expired'
  /** Its value once more, if it was not cleaned up yet. */
  | 'return-expired-if-not-cleaned-up'

/** How entries that nobody reads any more leave the state. */
export interface TtlCleanup {
  /** Leaves expired entries out of snapshots. Default true. */
  readonly fullSnapshot?: boolean
  /** How many entries of the state are looked at for each access; 0 for none. Default 5. */
  readonly entriesPerAccess?: number
}

/** What {@link stateTtl} takes. */
export interface StateTtlOptions<V> {
  /** How long an entry lives, milliseconds. */
  readonly ttlMs: number
  /** Default `on-create-and-write`. */
  readonly update?: TtlUpdate
  /** Default `never-return-expired`. */
  readonly visibility?: TtlVisibility
  /**
   * By which time it lives. `processing` (the default) is the clock. In `event` time it begins to
   * live with the timestamp of the record at hand (with the watermark, if that is later or there is
   * no timestamp) and is over when the watermark of the operator has passed its end, so that a
   * replay expires what the original run did.
   */
  readonly time?: 'processing' | 'event'
  readonly cleanup?: TtlCleanup
  /**
   * Called once for each entry that expires, with the key as the current key, after the entry is
   * gone: as soon as its time has come, by a timer that is part of the state, or when an access
   * finds it expired before. `mapKey` is the key inside of a map. Of lists and maps each element is
   * an entry of its own.
   */
  onExpire?(key: unknown, value: V, mapKey: unknown): void
}

/** The time to live of a state, made by {@link stateTtl}. */
export interface StateTtl<V> {
  readonly ttlMs: number
  readonly update: TtlUpdate
  readonly visibility: TtlVisibility
  readonly time: 'processing' | 'event'
  readonly cleanup: Required<TtlCleanup>
  onExpire?(key: unknown, value: V, mapKey: unknown): void
}

/**
 * Says how long the entries of a state live. Every value, list element and map entry has a life of
 * its own. State that was kept without it (or with it) before is taken over: entries without a time
 * begin to live when they are restored.
 *
 * ```ts
 * const session = valueState<string>('session', {
 *   ttl: stateTtl({ ttlMs: minutes(30), update: 'on-read-and-write' }),
 * })
 * session.ttl?.ttlMs // => 1800000
 * ```
 * @throws INVALID_ARGUMENT if the time is not above 0, or the entries per access are below 0
 */
export function stateTtl<V>(options: StateTtlOptions<V>): StateTtl<V> {
  const { ttlMs, update, visibility, time, cleanup = {}, onExpire } = options
  const { fullSnapshot = true, entriesPerAccess = 5 } = cleanup
  if (!(ttlMs > 0 && Number.isFinite(ttlMs))) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `the time to live of state must be a number of milliseconds above 0, but is ${ttlMs}`,
    )
  }
  if (!(Number.isSafeInteger(entriesPerAccess) && entriesPerAccess >= 0)) {
    throw new EngineError(
      ErrorCode.INVALID_ARGUMENT,
      `entriesPerAccess is ${entriesPerAccess}; it must be a whole number of at least 0`,
    )
  }
  return {
    ttlMs,
    update: update ?? 'on-create-and-write',
    visibility: visibility ?? 'never-return-expired',
    time: time ?? 'processing',
    cleanup: { fullSnapshot, entriesPerAccess },
    ...(onExpire === undefined ? {} : { onExpire: onExpire.bind(options) }),
  }
}

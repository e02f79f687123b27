/**
 * `state/ttl` gives state a time to live: it wraps the states of any backend, which store values
 * with the time at which their life began. A backend offers a clock, timers and, if it can, cleanup
 * beside the stream.
 */
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { Namespace } from '../namespace.ts'
import { Stamped } from './stamped.ts'
import type { StateTtl } from './state-ttl.ts'

/** What a backend does for a state with a time to live. */
export interface TtlSupport {
  /** The time by which the state lives; the lowest watermark before event time begins. */
  nowMs(): number
  /** When what is written now begins to live: in event time with the record at hand. */
  writeMs(): number
  readonly currentKey: unknown
  /** Cleans up a few entries. */
  beforeAccess(): void
  /** Has the current key and `namespace` looked at again at `atMs`. */
  schedule(namespace: Namespace, atMs: number): void
}

/** Carries out the time to live of one state: what is expired, and what then happens. */
export class TtlRules<V> {
  readonly stateName: string
  readonly ttl: StateTtl<V>
  /** True if reads begin the life of an entry anew. */
  readonly refreshesOnRead: boolean
  /** True if a read may give an expired value. */
  readonly returnsExpired: boolean
  /** True if somebody is to be told of what expires. */
  readonly reports: boolean
  readonly #support: TtlSupport

  constructor(stateName: string, ttl: StateTtl<V>, support: TtlSupport) {
    this.stateName = stateName
    this.ttl = ttl
    this.refreshesOnRead = ttl.update === 'on-read-and-write'
    this.returnsExpired = ttl.visibility === 'return-expired-if-not-cleaned-up'
    this.reports = ttl.onExpire !== undefined
    this.#support = support
  }

  nowMs(): number {
    return this.#support.nowMs()
  }

  /** Called by every access to the state, first of all. */
  beforeAccess(): void {
    this.#support.beforeAccess()
  }

  /** A value whose life begins now. */
  stamp<S>(value: S): Stamped<S> {
    return new Stamped(value, this.#support.writeMs())
  }

  /** Lets the life of an entry begin anew. A record out of order does not shorten it. */
  refresh(stamped: Stamped<unknown>): void {
    stamped.atMs = Math.max(stamped.atMs, this.#support.writeMs())
  }

  /** True once the time of an entry is over. One that has no time yet gets it here. */
  isExpired(stamped: Stamped<unknown>): boolean {
    const nowMs = this.#support.nowMs()
    if (stamped.atMs > MIN_WATERMARK_MS) return stamped.atMs + this.ttl.ttlMs <= nowMs
    stamped.atMs = nowMs
    return false
  }

  /** Has an entry looked at when its time is over, if that is to be told. */
  watch(namespace: Namespace, startMs: number): void {
    if (this.reports) this.#support.schedule(namespace, startMs + this.ttl.ttlMs)
  }

  /**
   * Has an element looked at that was added to others. They are watched for the oldest of them, so
   * that it needs a look of its own only if it may be older.
   */
  watchAdded(namespace: Namespace, startMs: number, isFirst: boolean): void {
    if (isFirst || this.ttl.time === 'event') this.watch(namespace, startMs)
  }

  /**
   * Tells that an entry has expired. The entry must be gone already.
   * @throws USER_FUNCTION if whoever is told throws
   */
  report(value: V, mapKey?: unknown): void {
    if (this.ttl.onExpire === undefined) return
    const key = this.#support.currentKey
    try {
      this.ttl.onExpire(key, value, mapKey)
    } catch (error) {
      if (error instanceof EngineError) throw error
      throw new EngineError(
        ErrorCode.USER_FUNCTION,
        `onExpire of state "${this.stateName}" failed for key ${String(key)}: ${String(error)}`,
        { cause: error },
      )
    }
  }
}

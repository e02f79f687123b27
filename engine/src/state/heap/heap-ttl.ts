import type { Namespace } from '../namespace.ts'
import type { InternalTimerService, TimerTarget } from '../timer-service.ts'
import type { Stamped } from '../ttl/stamped.ts'
import type { StateTtl } from '../ttl/state-ttl.ts'
import type { TtlKind } from '../ttl/ttl-kind.ts'
import { TtlRules, type TtlSupport } from '../ttl/ttl-rules.ts'
import type { CurrentKey } from './current-key.ts'
import type { HeapTable } from './heap-table.ts'
import type { StateMap } from './state-map.ts'
import { TtlSweeper } from './ttl-sweeper.ts'

/** A map of stamped values, as it is kept on the heap. */
export function ttlMapKind<K, V>(): TtlKind<StateMap<K, Stamped<V>>> {
  return {
    prune(map, isExpired) {
      let hasExpired = false
      map.forEach((_, value) => {
        if (isExpired(value)) hasExpired = true
      })
      if (!hasExpired) return map
      const live = map.filter((value) => !isExpired(value))
      return live.size === 0 ? undefined : live
    },
    startMs(map) {
      let startMs = Infinity
      map.forEach((_, { atMs }) => {
        startMs = Math.min(startMs, atMs)
      })
      return startMs
    },
  }
}

/** What a heap backend has for the time to live of its states. */
export interface HeapTtlHost {
  readonly current: CurrentKey
  /** The time of a domain; the lowest watermark before event time begins. */
  nowMs(time: 'processing' | 'event'): number
  timerService(name: string, target: TimerTarget): InternalTimerService
}

/** The time to live of one state on the heap: its rules, its timers and its cleanup. */
export class HeapTtl<R> implements TtlSupport {
  readonly rules: TtlRules<R>
  readonly #ttl: StateTtl<R>
  readonly #host: HeapTtlHost
  #sweeper: { step(): void } | undefined
  #timers: InternalTimerService | undefined
  #isAttached = false

  constructor(stateName: string, ttl: StateTtl<R>, host: HeapTtlHost) {
    this.#ttl = ttl
    this.#host = host
    this.rules = new TtlRules(stateName, ttl, this)
  }

  get currentKey(): unknown {
    return this.#host.current.key
  }

  nowMs(): number {
    return this.#host.nowMs(this.#ttl.time)
  }

  writeMs(): number {
    const nowMs = this.nowMs()
    if (this.#ttl.time === 'processing') return nowMs
    const { timestampMs } = this.#host.current
    return Number.isNaN(timestampMs) ? nowMs : Math.max(timestampMs, nowMs)
  }

  beforeAccess(): void {
    this.#sweeper?.step()
  }

  schedule(namespace: Namespace, atMs: number): void {
    if (this.#ttl.time === 'event') this.#timers?.registerEventTimeTimer(namespace, atMs)
    else this.#timers?.registerProcessingTimeTimer(namespace, atMs)
  }

  /** Leaves what is expired out of snapshots; a state that reports keeps what is not told yet. */
  snapshotPruner<S>(kind: TtlKind<S>): ((value: S) => S | undefined) | undefined {
    if (this.rules.reports || !this.#ttl.cleanup.fullSnapshot) return undefined
    return this.#pruner(kind)
  }

  /**
   * Starts timers or cleanup of the table; does nothing the second time.
   * @param expireDue asks the state of the current key and a namespace what has expired
   */
  attach<S>(
    table: HeapTable<S>,
    kind: TtlKind<S>,
    expireDue: (namespace: Namespace) => void,
  ): void {
    if (this.#isAttached) return
    this.#isAttached = true
    if (this.rules.reports) {
      this.#startTimers(table, kind, expireDue)
      return
    }
    const { entriesPerAccess } = this.#ttl.cleanup
    if (entriesPerAccess === 0) return
    const sweeper = new TtlSweeper<S>(table, this.#pruner(kind), entriesPerAccess)
    this.#sweeper = sweeper
  }

  #startTimers<S>(
    table: HeapTable<S>,
    kind: TtlKind<S>,
    expireDue: (namespace: Namespace) => void,
  ): void {
    const onTimer = (_timestampMs: number, namespace: Namespace): void => expireDue(namespace)
    const name = `ttl/${table.name}`
    this.#timers = this.#host.timerService(name, {
      onEventTimer: onTimer,
      onProcessingTimer: onTimer,
    })
    const { current } = this.#host
    const { key: keyBefore, identity, timestampMs } = current
    // State that was not watched when it was written is watched from now on. Where it was, the
    // timer that was restored with it is the same or an earlier one.
    for (const node of table.nodes()) {
      for (const cursor = node.cursor(); cursor.next(); ) {
        current.set(cursor.key)
        this.rules.watch(node.namespace, kind.startMs(cursor.value))
      }
    }
    current.setKnown(keyBefore, identity)
    current.timestampMs = timestampMs
  }

  #pruner<S>(kind: TtlKind<S>): (value: S) => S | undefined {
    const isExpired = (stamped: Stamped<unknown>): boolean => this.rules.isExpired(stamped)
    return (value) => kind.prune(value, isExpired)
  }
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { KeyGroupRange } from '../../core/key-group.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import type { TypeRegistry } from '../../types/type-registry.ts'
import type { TypeSerializer } from '../../types/type-serializer.ts'
import { types } from '../../types/types.ts'
import type {
  AggregatingState,
  KeyedStateStore,
  ListState,
  MapState,
  ReducingState,
  ValueState,
} from '../keyed-state.ts'
import type { KeyedStateBackend } from '../keyed-state-backend.ts'
import type { KeyedStateSnapshot } from '../keyed-state-snapshot.ts'
import { type Namespace, VOID_NAMESPACE } from '../namespace.ts'
import type { ProcessingTime } from '../processing-time.ts'
import type {
  AggregatingStateDescriptor,
  ListStateDescriptor,
  MapStateDescriptor,
  ReducingStateDescriptor,
  ValueStateDescriptor,
} from '../state-descriptor.ts'
import type { StateSection } from '../state-section.ts'
import type { InternalTimerService, TimerTarget } from '../timer-service.ts'
import type { StateTtl } from '../ttl/state-ttl.ts'
import { CurrentKey } from './current-key.ts'
import { EntryTrail } from './entry-trail.ts'
import { HeapKeyedStateSnapshot } from './heap-keyed-state-snapshot.ts'
import { HeapStateStore } from './heap-state-store.ts'
import { HeapTable } from './heap-table.ts'
import { HeapTimerService, type TimerQueueKind } from './heap-timer-service.ts'
import { HeapTtl, type HeapTtlHost } from './heap-ttl.ts'
import { TIMERS_KIND } from './keyed-snapshot-format.ts'
import { readNamespace } from './namespace-bytes.ts'
import { RestoredKeyedState, readRestored } from './restored-keyed-state.ts'
import { BLOCK_SLOTS } from './slot-blocks.ts'
import { SnapshotLine } from './snapshot-line.ts'
import type { TableRegistry } from './table-registry.ts'
import {
  describeSerializers,
  haveSameSerializers,
  singleValueCodec,
  type ValueCodec,
} from './value-codec.ts'

/** What a heap backend is made of. */
export interface HeapKeyedStateBackendOptions {
  readonly keyGroupRange: KeyGroupRange
  readonly maxParallelism: number
  /** Type of the keys. Without it the generic serializer is used. */
  readonly keyType?: TypeInformation<unknown> | undefined
  readonly processingTime: ProcessingTime
  /** The classes whose instances state without a declared type may hold; none by default. */
  readonly typeRegistry?: TypeRegistry | undefined
  /** Told once for each state that has no declared type. */
  readonly warn?: ((message: string) => void) | undefined
  /** The sections of this key group range from all old subtasks; others are refused. */
  readonly restored?: readonly StateSection[] | undefined
  /** For tests: timers on the heap are the twin of timers on the wheel. */
  readonly timerQueue?: TimerQueueKind | undefined
  /**
   * How many entries of integer keys a namespace of a table keeps in a map; with more of them it
   * becomes a typed table. Infinity for maps only, which tests compare typed tables with.
   */
  readonly mapLimit?: number | undefined
  /** For tests: how many slots of a table are a block, a power of two. See `SlotBlocks`. */
  readonly blockSlots?: number | undefined
}

/**
 * A typed table takes less memory than a map from 33 entries on, but some microseconds to make: it
 * must pay for windows that see each of their keys only twice.
 */
const MAP_LIMIT = 128

/**
 * Keyed state on the heap, in maps and typed tables (see `HeapEntries`). Fast, and bounded by the
 * memory of the process. Snapshots are copy-on-write: see `SnapshotLine`.
 */
export class HeapKeyedStateBackend implements KeyedStateBackend, TableRegistry {
  readonly keyGroupRange: KeyGroupRange
  readonly maxParallelism: number
  readonly processingTime: ProcessingTime
  readonly mapLimit: number
  readonly #blockSlots: number
  readonly #warn: ((message: string) => void) | undefined
  readonly #timerQueue: TimerQueueKind | undefined
  readonly #genericType: TypeInformation<unknown>
  readonly #keySerializer: TypeSerializer<unknown>
  readonly #current = new CurrentKey()
  readonly #line = new SnapshotLine()
  readonly #trail = new EntryTrail()
  readonly #tables = new Map<string, HeapTable<unknown>>()
  readonly #timerServices = new Map<string, HeapTimerService>()
  readonly #unread: RestoredKeyedState
  readonly #untyped = new Set<string>()
  readonly #ttls = new Map<string, HeapTtl<unknown>>()
  readonly #store: HeapStateStore
  #namespacedStore: HeapStateStore
  #namespacedBy: Namespace = VOID_NAMESPACE
  readonly #ttlHost: HeapTtlHost
  #usesTimestamps = false
  #watermarkMs: number = MIN_WATERMARK_MS
  #snapshot: HeapKeyedStateSnapshot | undefined

  /**
   * @throws STATE_NOT_RESTORABLE if restored sections are not of this range or max parallelism.
   * @throws CORRUPT_DATA if restored sections cannot be read.
   */
  constructor(options: HeapKeyedStateBackendOptions) {
    this.keyGroupRange = options.keyGroupRange
    this.maxParallelism = options.maxParallelism
    this.processingTime = options.processingTime
    this.mapLimit = options.mapLimit ?? MAP_LIMIT
    this.#blockSlots = options.blockSlots ?? BLOCK_SLOTS
    this.#warn = options.warn
    this.#timerQueue = options.timerQueue
    this.#genericType = types.generic(options.typeRegistry)
    this.#keySerializer = (options.keyType ?? this.#genericType).serializer
    this.#unread = new RestoredKeyedState(
      options.restored ?? [],
      options.keyGroupRange,
      options.maxParallelism,
    )
    this.#store = new HeapStateStore(this, VOID_NAMESPACE)
    this.#namespacedStore = this.#store
    this.#ttlHost = {
      current: this.#current,
      nowMs: (time) => (time === 'event' ? this.#watermarkMs : this.processingTime.nowMs()),
      timerService: (name, target) => this.timerService(name, target),
    }
  }

  get currentKey(): unknown {
    return this.#current.key
  }

  setCurrentKey(key: unknown): void {
    this.#current.set(key)
  }

  get usesTimestamps(): boolean {
    return this.#usesTimestamps
  }

  setCurrentTimestamp(timestampMs: number): void {
    this.#current.timestampMs = timestampMs
  }

  clearCurrentKey(): void {
    this.#current.clear()
  }

  keysOf(stateName: string): readonly unknown[] {
    const keys: unknown[] = []
    const visit = (key: unknown): void => void keys.push(key)
    this.#tables.get(stateName)?.namespace(VOID_NAMESPACE).forEach(visit)
    return keys
  }

  get size(): { readonly entries: number; readonly timers: number } {
    let timers = this.#unread.timerCount
    for (const service of this.#timerServices.values()) timers += service.size
    return { entries: this.#line.entryCount + this.#unread.entryCount, timers }
  }

  table<V>(name: string, type: TypeInformation<V> | undefined): HeapTable<V> {
    return this.register(name, 'table', singleValueCodec(this.typeOf(name, type)))
  }

  namespaced(namespace: Namespace): KeyedStateStore {
    // Window operators ask for the same namespace many times in a row.
    if (namespace !== this.#namespacedBy) {
      this.#namespacedBy = namespace
      this.#namespacedStore = new HeapStateStore(this, namespace)
    }
    return this.#namespacedStore
  }

  getState<T>(descriptor: ValueStateDescriptor<T>): ValueState<T> {
    return this.#store.getState(descriptor)
  }

  getListState<T>(descriptor: ListStateDescriptor<T>): ListState<T> {
    return this.#store.getListState(descriptor)
  }

  getMapState<K, V>(descriptor: MapStateDescriptor<K, V>): MapState<K, V> {
    return this.#store.getMapState(descriptor)
  }

  getReducingState<T>(descriptor: ReducingStateDescriptor<T>): ReducingState<T> {
    return this.#store.getReducingState(descriptor)
  }

  getAggregatingState<IN, ACC, OUT>(
    descriptor: AggregatingStateDescriptor<IN, ACC, OUT>,
  ): AggregatingState<IN, OUT> {
    return this.#store.getAggregatingState(descriptor)
  }

  timerService(name: string, target: TimerTarget): InternalTimerService {
    const known = this.#timerServices.get(name)
    if (known !== undefined) return known
    const service = new HeapTimerService({
      name,
      target,
      current: this.#current,
      keySerializer: this.#keySerializer,
      processingTime: this.processingTime,
      watermarkMs: this.#watermarkMs,
      timerQueue: this.#timerQueue,
    })
    this.#readTimers(service)
    this.#timerServices.set(name, service)
    return service
  }

  advanceWatermark(watermarkMs: number): void {
    if (watermarkMs > this.#watermarkMs) this.#watermarkMs = watermarkMs
    for (const service of this.#timerServices.values()) service.advanceWatermark(watermarkMs)
  }

  endKey(): void {
    const services = [...this.#timerServices.values()]
    this.#watermarkMs = MAX_WATERMARK_MS
    for (const service of services) service.endEventTime()
    for (const service of services) service.endProcessingTime()
    // What processing-time timers have registered for event time.
    for (const service of services) service.endEventTime()
    for (const table of this.#tables.values()) table.clear()
    for (const service of services) service.beginAnew()
    this.#watermarkMs = MIN_WATERMARK_MS
  }

  snapshot(checkpointId: number): KeyedStateSnapshot {
    this.#snapshot = new HeapKeyedStateSnapshot(checkpointId, {
      line: this.#line,
      range: this.keyGroupRange,
      maxParallelism: this.maxParallelism,
      tables: this.#tables.values(),
      timerServices: this.#timerServices.values(),
      unread: this.#unread,
    })
    return this.#snapshot
  }

  dispose(): void {
    this.#snapshot?.abort()
    for (const service of this.#timerServices.values()) service.dispose()
    this.#timerServices.clear()
    this.#tables.clear()
    this.#unread.tables.clear()
    this.#unread.timerServices.clear()
  }

  register<V>(name: string, kind: string, codec: ValueCodec<V>): HeapTable<V> {
    const known = this.#tables.get(name)
    if (known === undefined) return this.#makeTable(name, kind, codec)
    // Triggers ask for their state at every record: a description would cost more than the rest.
    if (known.kind === kind && haveSameSerializers(known.codec, codec)) {
      return known as HeapTable<unknown> as HeapTable<V>
    }
    const asked = describeSerializers(this.#keySerializer, codec)
    if (known.kind !== kind) throw usedTwice(name, `${known.kind} state`, `${kind} state`)
    if (known.serializers !== asked) throw usedTwice(name, known.serializers, asked)
    return known as HeapTable<unknown> as HeapTable<V>
  }

  ttlOf<R>(stateName: string, ttl: StateTtl<R>): HeapTtl<R> {
    let known = this.#ttls.get(stateName)
    if (known === undefined) {
      if (ttl.time === 'event') this.#usesTimestamps = true
      known = new HeapTtl(stateName, ttl as StateTtl<unknown>, this.#ttlHost)
      this.#ttls.set(stateName, known)
    }
    const [first, second] = [describeTtl(known.rules.ttl), describeTtl(ttl)]
    if (first !== second) throw usedTwice(stateName, first, second)
    return known as HeapTtl<unknown> as HeapTtl<R>
  }

  typeOf<T>(stateName: string, type: TypeInformation<T> | undefined): TypeInformation<T> {
    if (type !== undefined) return type
    if (!this.#untyped.has(stateName)) {
      this.#untyped.add(stateName)
      this.#warn?.(
        `state "${stateName}" has no declared type and uses the generic serializer, which is ` +
          'slower and larger; give its descriptor a type, or the stream by returns()',
      )
    }
    return this.#genericType as TypeInformation<T>
  }

  #makeTable<V>(name: string, kind: string, codec: ValueCodec<V>): HeapTable<V> {
    const table = new HeapTable<V>({
      name,
      kind,
      codec,
      keySerializer: this.#keySerializer,
      current: this.#current,
      line: this.#line,
      maxParallelism: this.maxParallelism,
      mapLimit: this.mapLimit,
      blockSlots: this.#blockSlots,
      trail: this.#trail,
    })
    const parts = this.#unread.tables.get(name)
    if (parts !== undefined) {
      readRestored(parts, kind, this.maxParallelism, (readerOf) => {
        const keys = readerOf('key', this.#keySerializer)
        const readValue = codec.reader(readerOf)
        return (input) => {
          const namespace = readNamespace(input)
          const key = keys.deserialize(input)
          table.namespace(namespace).put(key, readValue(input))
          return key
        }
      })
      this.#unread.tables.delete(name)
    }
    this.#tables.set(name, table as HeapTable<unknown>)
    return table
  }

  #readTimers(service: HeapTimerService): void {
    const parts = this.#unread.timerServices.get(service.name)
    if (parts === undefined) return
    const timers: ReturnType<HeapTimerService['read']>[] = []
    readRestored(parts, TIMERS_KIND, this.maxParallelism, (readerOf) => {
      const keys = readerOf('key', this.#keySerializer)
      return (input) => {
        const timer = service.read(input, keys)
        timers.push(timer)
        return timer.key
      }
    })
    this.#unread.timerServices.delete(service.name)
    service.restore(timers)
  }
}

function describeTtl({ ttlMs, update, visibility, time }: StateTtl<unknown>): string {
  return `a time to live of ${ttlMs} ms (${update}, ${visibility}, ${time} time)`
}

function usedTwice(name: string, first: string, second: string): EngineError {
  return new EngineError(
    ErrorCode.INVALID_PROGRAM,
    `the state name "${name}" is used twice in one operator, for ${first} and for ${second}; ` +
      'give each state a name of its own',
  )
}

import type { OutputTag } from '../../core/output-tag.ts'
import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { KeyedStateBackend } from '../../state/keyed-state-backend.ts'
import type { BroadcastState } from '../../state/operator-state.ts'
import type { MapStateDescriptor } from '../../state/state-descriptor.ts'
import type { Output } from '../output.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import type { KeyedBroadcastContext } from './broadcast-process-function.ts'
import type { BroadcastStates } from './broadcast-states.ts'
import { keyedStateOf, type StateDescriptor, type StateOf } from './keyed-state-of.ts'

/** The clocks as the broadcast side sees them. */
interface Clocks {
  currentWatermark(): number
  currentProcessingTime(): number
}

/** Context and collector of the broadcast side: one object serves all its records. */
export class BroadcastSideContext<K, OUT> implements KeyedBroadcastContext<K> {
  readonly collector: TimestampedCollector<OUT>
  readonly #output: Output<OUT>
  readonly #states: BroadcastStates
  readonly #clocks: Clocks
  readonly #keyed: KeyedStateBackend | undefined
  #timestampMs: number = NO_TIMESTAMP

  /** @param keyed the state of the other side; undefined if that is not keyed */
  constructor(
    output: Output<OUT>,
    states: BroadcastStates,
    clocks: Clocks,
    keyed: KeyedStateBackend | undefined,
  ) {
    this.collector = new TimestampedCollector(output)
    this.#output = output
    this.#states = states
    this.#clocks = clocks
    this.#keyed = keyed
  }

  /** A record is at hand. */
  atRecord(timestampMs: number): void {
    this.#timestampMs = timestampMs
    this.collector.timestampMs = timestampMs
  }

  timestamp(): number {
    return this.#timestampMs
  }

  currentWatermark(): number {
    return this.#clocks.currentWatermark()
  }

  currentProcessingTime(): number {
    return this.#clocks.currentProcessingTime()
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#output.sideOutput(tag, value, this.#timestampMs)
  }

  getBroadcastState<BK, V>(descriptor: MapStateDescriptor<BK, V>): BroadcastState<BK, V> {
    return this.#states.writable(descriptor)
  }

  applyToKeyedState<D extends StateDescriptor>(
    descriptor: D,
    visit: (key: K, state: StateOf<D>) => void,
  ): void {
    const backend = this.#keyed
    if (backend === undefined) return
    const state = keyedStateOf(backend, descriptor)
    try {
      // The list is made before, so that `visit` may add and remove what it likes.
      for (const key of backend.keysOf(descriptor.name)) {
        backend.setCurrentKey(key)
        visit(key as K, state)
      }
    } finally {
      backend.clearCurrentKey()
    }
  }
}

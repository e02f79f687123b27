import type { OutputTag } from '../../core/output-tag.ts'
import { NO_TIMESTAMP } from '../../core/record-batch.ts'
import type { Output } from '../output.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import type { OnTimerContext } from './process-function.ts'
import type { TimeDomain, TimerService } from './timer-service.ts'

/**
 * The context and collector of a process operator: one object of each serves all records and
 * timers. The operator says what is at hand before it calls the function.
 */
export class ElementContext<K, OUT> implements OnTimerContext<K> {
  readonly collector: TimestampedCollector<OUT>
  readonly timerService: TimerService
  timeDomain: TimeDomain = 'event-time'
  #timestampMs: number = NO_TIMESTAMP
  readonly #output: Output<OUT>
  readonly #keyed: { readonly currentKey: unknown } | undefined

  /** @param keyed where the current key is read; undefined for a stream without keys */
  constructor(
    output: Output<OUT>,
    timerService: TimerService,
    keyed: { readonly currentKey: unknown } | undefined,
  ) {
    this.collector = new TimestampedCollector(output)
    this.timerService = timerService
    this.#output = output
    this.#keyed = keyed
  }

  get currentKey(): K {
    return this.#keyed?.currentKey as K
  }

  timestamp(): number {
    return this.#timestampMs
  }

  output<X>(tag: OutputTag<X>, value: X): void {
    this.#output.sideOutput(tag, value, this.collector.timestampMs)
  }

  /** A record is at hand. */
  atRecord(timestampMs: number): void {
    this.#timestampMs = timestampMs
    this.collector.timestampMs = timestampMs
  }

  /** A timer is at hand. Wall time is no event time, so that records of such a timer have none. */
  atTimer(timestampMs: number, timeDomain: TimeDomain): void {
    this.#timestampMs = timestampMs
    this.timeDomain = timeDomain
    this.collector.timestampMs = timeDomain === 'event-time' ? timestampMs : NO_TIMESTAMP
  }
}

import type { ByteReader } from '../../base/byte-reader.ts'
import type { ByteWriter } from '../../base/byte-writer.ts'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { MAX_WATERMARK_MS, MIN_WATERMARK_MS } from '../../core/stream-element.ts'
import { keyIdentity } from '../../types/key-identity.ts'
import type { TypeSerializer } from '../../types/type-serializer.ts'
import type { Namespace } from '../namespace.ts'
import type { ProcessingTime } from '../processing-time.ts'
import type { InternalTimerService, TimerTarget } from '../timer-service.ts'
import type { CurrentKey } from './current-key.ts'
import { HeapTimerQueue } from './heap-timer-queue.ts'
import { readNamespace, writeNamespace } from './namespace-bytes.ts'
import type { SaveTimer, TimerQueue, TimerQueueWalk } from './timer-queue.ts'
import { WheelTimerQueue } from './wheel-timer-queue.ts'

/** What a timer service is made of. */
export interface HeapTimerServiceOptions {
  readonly name: string
  readonly target: TimerTarget
  readonly current: CurrentKey
  readonly keySerializer: TypeSerializer<unknown>
  readonly processingTime: ProcessingTime
  readonly watermarkMs: number
  /** What keeps the timers: a wheel, unless a test asks for its twin. */
  readonly timerQueue?: TimerQueueKind | undefined
}

/** What keeps the timers of a service. */
export type TimerQueueKind = 'wheel' | 'heap'

/** A timer as a snapshot holds it. */
export interface StoredTimer {
  /** 0 for event time, 1 for processing time. */
  readonly domain: number
  readonly timestampMs: number
  readonly sequence: number
  readonly namespace: Namespace
  readonly key: unknown
}

const EVENT_TIME = 0
const PROCESSING_TIME = 1

/** The timers of one name on the heap, for both time domains. */
export class HeapTimerService implements InternalTimerService {
  readonly name: string
  /** JSON of the serializers, as it stands in snapshots. */
  readonly serializers: string
  readonly #target: TimerTarget
  readonly #current: CurrentKey
  readonly #keySerializer: TypeSerializer<unknown>
  readonly #processingTime: ProcessingTime
  readonly #eventTimers: TimerQueue
  readonly #processingTimers: TimerQueue
  #watermarkMs: number
  #nextSequence = 0
  #scheduled: { readonly atMs: number; cancel(): void } | undefined
  #isFiring = false
  /** True while the timers of a key fire that ends. */
  #isEndingKey = false
  #isDisposed = false

  constructor(options: HeapTimerServiceOptions) {
    this.name = options.name
    this.serializers = JSON.stringify({ key: options.keySerializer.snapshot })
    this.#target = options.target
    this.#current = options.current
    this.#keySerializer = options.keySerializer
    this.#processingTime = options.processingTime
    this.#watermarkMs = options.watermarkMs
    this.#eventTimers = makeQueue(options.timerQueue)
    this.#processingTimers = makeQueue(options.timerQueue)
  }

  get currentWatermarkMs(): number {
    return this.#watermarkMs
  }

  /** How many timers are registered. */
  get size(): number {
    return this.#eventTimers.size + this.#processingTimers.size
  }

  currentProcessingTimeMs(): number {
    return this.#processingTime.nowMs()
  }

  registerEventTimeTimer(namespace: Namespace, timestampMs: number): void {
    this.#register(this.#eventTimers, namespace, timestampMs)
  }

  deleteEventTimeTimer(namespace: Namespace, timestampMs: number): void {
    this.#current.check(this.name)
    this.#eventTimers.delete(this.#current.identity, namespace, timestampMs)
  }

  registerProcessingTimeTimer(namespace: Namespace, timestampMs: number): void {
    if (this.#isEndingKey) return
    this.#register(this.#processingTimers, namespace, timestampMs)
    this.#schedule()
  }

  deleteProcessingTimeTimer(namespace: Namespace, timestampMs: number): void {
    this.#current.check(this.name)
    this.#processingTimers.delete(this.#current.identity, namespace, timestampMs)
    this.#schedule()
  }

  /** Fires every event-time timer up to the watermark, those registered meanwhile included. */
  advanceWatermark(watermarkMs: number): void {
    if (watermarkMs > this.#watermarkMs) this.#watermarkMs = watermarkMs
    for (;;) {
      const timer = this.#eventTimers.takeDue(this.#watermarkMs)
      if (timer === undefined) return
      this.#current.setKnown(timer.key, timer.identity)
      this.#target.onEventTimer(timer.timestampMs, timer.namespace)
    }
  }

  /** The key ends: event time passes its end. Until {@link beginAnew} nothing is scheduled. */
  endEventTime(): void {
    this.#isEndingKey = true
    this.advanceWatermark(MAX_WATERMARK_MS)
  }

  /** The key ends: each processing-time timer fires, whatever the clock says. */
  endProcessingTime(): void {
    for (;;) {
      const timer = this.#processingTimers.takeDue(Number.POSITIVE_INFINITY)
      if (timer === undefined) return
      this.#current.setKnown(timer.key, timer.identity)
      this.#target.onProcessingTimer(timer.timestampMs, timer.namespace)
    }
  }

  /** The key has ended: drops timers beyond the end of time, and starts event time again. */
  beginAnew(): void {
    this.#eventTimers.clear()
    this.#watermarkMs = MIN_WATERMARK_MS
    this.#isEndingKey = false
    this.#schedule()
  }

  /** The timers there are now, for a snapshot: those of event time, then the others. */
  drawLine(saveIn: (domain: number) => SaveTimer): readonly TimerQueueWalk[] {
    return [
      this.#eventTimers.drawLine(this.#nextSequence, saveIn(EVENT_TIME)),
      this.#processingTimers.drawLine(this.#nextSequence, saveIn(PROCESSING_TIME)),
    ]
  }

  /** Appends a timer to a snapshot. */
  write(timer: StoredTimer, output: ByteWriter): void {
    output.u8(timer.domain)
    output.f64(timer.timestampMs)
    output.varint(timer.sequence)
    writeNamespace(timer.namespace, output)
    this.#keySerializer.serialize(timer.key, output)
  }

  /** Reads a timer that {@link HeapTimerService.write} wrote. */
  read(input: ByteReader, keys: TypeSerializer<unknown>): StoredTimer {
    const domain = input.u8()
    if (domain > PROCESSING_TIME) throw input.corrupt(`the time domain ${domain}`)
    const timestampMs = input.f64()
    const sequence = input.varint()
    const namespace = readNamespace(input)
    return { domain, timestampMs, sequence, namespace, key: keys.deserialize(input) }
  }

  /** Registers restored timers, in the order in which they were registered once. */
  restore(timers: readonly StoredTimer[]): void {
    for (const timer of [...timers].sort((left, right) => left.sequence - right.sequence)) {
      const queue = timer.domain === EVENT_TIME ? this.#eventTimers : this.#processingTimers
      const identity = keyIdentity(timer.key)
      const { key, namespace, timestampMs } = timer
      queue.register(key, identity, namespace, timestampMs, this.#nextSequence++)
    }
    this.#schedule()
  }

  /** Nothing fires any more. */
  dispose(): void {
    this.#isDisposed = true
    this.#scheduled?.cancel()
    this.#scheduled = undefined
  }

  #register(queue: TimerQueue, namespace: Namespace, timestampMs: number): void {
    const current = this.#current
    current.check(this.name)
    if (Number.isNaN(timestampMs)) {
      throw new EngineError(
        ErrorCode.INVALID_ARGUMENT,
        `a timer cannot be registered at ${timestampMs}; give it a time in milliseconds`,
      )
    }
    const { key, identity } = current
    queue.register(key, identity, namespace, timestampMs, this.#nextSequence++)
  }

  /** Keeps one callback scheduled, for the earliest processing-time timer or one deleted since. */
  #schedule(): void {
    if (this.#isFiring || this.#isEndingKey || this.#isDisposed) return
    const atMs = this.#processingTimers.wakeMs()
    if (atMs === this.#scheduled?.atMs) return
    this.#scheduled?.cancel()
    this.#scheduled = undefined
    if (atMs === undefined) return
    const scheduled = this.#processingTime.schedule(atMs, () => this.#fireProcessing(atMs))
    this.#scheduled = { atMs, cancel: () => scheduled.cancel() }
  }

  #fireProcessing(scheduledMs: number): void {
    if (this.#isDisposed || this.#scheduled?.atMs !== scheduledMs) return
    this.#scheduled = undefined
    // The clock may have been set back since: what was promised for this moment fires all the same.
    const nowMs = Math.max(scheduledMs, this.#processingTime.nowMs())
    this.#isFiring = true
    try {
      for (;;) {
        const timer = this.#processingTimers.takeDue(nowMs)
        if (timer === undefined) break
        this.#current.setKnown(timer.key, timer.identity)
        this.#target.onProcessingTimer(timer.timestampMs, timer.namespace)
      }
    } finally {
      this.#isFiring = false
    }
    this.#schedule()
  }
}

function makeQueue(kind: TimerQueueKind = 'wheel'): TimerQueue {
  return kind === 'heap' ? new HeapTimerQueue() : new WheelTimerQueue()
}

import { keyGroupOf } from '../../core/key-group.ts'
import { hashKey } from '../../types/key-hash.ts'
import type { HeapTimer } from './heap-timer.ts'
import type { HeapTimerService } from './heap-timer-service.ts'
import type { KeyGroupChunks } from './key-group-chunks.ts'
import type { WalkBudget } from './table-walk.ts'

/**
 * Serializes the timers that a service had when the line was drawn. It keeps a list of them, since
 * timers never change: a timer that fires or is deleted meanwhile is still in the snapshot.
 */
export class TimerWalk {
  readonly #service: HeapTimerService
  readonly #chunks: KeyGroupChunks
  readonly #maxParallelism: number
  readonly #eventTimers: readonly HeapTimer[]
  readonly #processingTimers: readonly HeapTimer[]
  #next = 0

  constructor(service: HeapTimerService, chunks: KeyGroupChunks, maxParallelism: number) {
    const { event, processing } = service.list()
    this.#service = service
    this.#chunks = chunks
    this.#maxParallelism = maxParallelism
    this.#eventTimers = event
    this.#processingTimers = processing
  }

  /** Serializes as much as the budget allows. @returns true when all are serialized. */
  advance(budget: WalkBudget): boolean {
    const eventCount = this.#eventTimers.length
    const count = eventCount + this.#processingTimers.length
    while (this.#next < count && budget.entries > 0) {
      const isEventTime = this.#next < eventCount
      const timer = isEventTime
        ? this.#eventTimers[this.#next]
        : this.#processingTimers[this.#next - eventCount]
      this.#next++
      if (timer !== undefined) this.#write(timer, isEventTime)
      budget.entries--
    }
    return this.#next === count
  }

  #write(timer: HeapTimer, isEventTime: boolean): void {
    const keyGroup = keyGroupOf(hashKey(timer.key), this.#maxParallelism)
    this.#service.write(timer, isEventTime, this.#chunks.writer(keyGroup))
    this.#chunks.count(keyGroup)
  }
}

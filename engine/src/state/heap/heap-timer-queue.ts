import { BinaryHeap } from '../../base/binary-heap.ts'
import type { KeyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'
import { firesBefore, HeapTimer } from './heap-timer.ts'
import { TimerIndex } from './timer-index.ts'
import type { SaveTimer, TimerQueue, TimerQueueWalk } from './timer-queue.ts'

/** Below this many deleted timers the heap is not worth cleaning. */
const DELETED_COUNT_MIN = 64

/**
 * Timers in a binary heap of objects: takes any time, in any order. The wheel leaves to it what it
 * cannot take, and tests use it alone, as the wheel's twin.
 */
export class HeapTimerQueue implements TimerQueue {
  readonly #heap = new BinaryHeap<HeapTimer>(firesBefore)
  readonly #index = new TimerIndex()
  #deletedCount = 0

  get size(): number {
    return this.#heap.size - this.#deletedCount
  }

  register(
    key: unknown,
    identity: KeyIdentity,
    namespace: Namespace,
    timestampMs: number,
    sequence: number,
  ): void {
    if (this.#index.get(identity, namespace, timestampMs) !== undefined) return
    const timer = new HeapTimer(key, identity, namespace, timestampMs, sequence)
    this.#index.add(timer)
    this.#heap.push(timer)
  }

  delete(identity: KeyIdentity, namespace: Namespace, timestampMs: number): void {
    const timer = this.#index.get(identity, namespace, timestampMs)
    if (timer === undefined) return
    this.#index.remove(timer)
    timer.live = false
    // It stays in the heap until such timers are many: taking out one alone would cost O(n).
    this.#deletedCount++
    if (this.#deletedCount < DELETED_COUNT_MIN || this.#deletedCount * 2 < this.#heap.size) return
    this.#heap.retain((each) => each.live)
    this.#deletedCount = 0
  }

  wakeMs(): number | undefined {
    return this.#first()?.timestampMs
  }

  takeDue(untilMs: number): HeapTimer | undefined {
    const first = this.#first()
    if (first === undefined || first.timestampMs > untilMs) return undefined
    this.#heap.pop()
    this.#index.remove(first)
    first.live = false
    return first
  }

  clear(): void {
    while (this.takeDue(Number.POSITIVE_INFINITY) !== undefined) {}
  }

  /** Timers do not change, so a list of them stays true of this moment. */
  drawLine(_cut: number, save: SaveTimer): TimerQueueWalk {
    const timers: HeapTimer[] = []
    this.#heap.forEach((timer) => {
      if (timer.live) timers.push(timer)
    })
    let next = 0
    return {
      advance(budget) {
        for (; next < timers.length && budget.entries > 0; budget.entries--) {
          const { key, namespace, timestampMs, sequence } = timers[next++] as HeapTimer
          save(key, namespace, timestampMs, sequence)
        }
        return next === timers.length
      },
      end() {
        timers.length = 0
        next = 0
      },
    }
  }

  #first(): HeapTimer | undefined {
    for (;;) {
      const first = this.#heap.peek()
      if (first === undefined || first.live) return first
      this.#heap.pop()
      this.#deletedCount--
    }
  }
}

import { BinaryHeap } from '../../base/binary-heap.ts'
import type { KeyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'
import { firesBefore, HeapTimer } from './heap-timer.ts'
import { TimerIndex } from './timer-index.ts'

/** Below this many deleted timers the heap is not worth cleaning. */
const DELETED_COUNT_MIN = 64

/** The timers of one service and time domain, first to fire first, each registered once. */
export class TimerQueue {
  readonly #heap = new BinaryHeap<HeapTimer>(firesBefore)
  readonly #index = new TimerIndex()
  #deletedCount = 0

  get size(): number {
    return this.#heap.size - this.#deletedCount
  }

  /** Adds a timer. Does nothing if there is one of this key, namespace and time. */
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

  /** Removes a timer, if it is registered. */
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

  /** The timer that fires first; it stays registered. */
  peek(): HeapTimer | undefined {
    for (;;) {
      const first = this.#heap.peek()
      if (first === undefined || first.live) return first
      this.#heap.pop()
      this.#deletedCount--
    }
  }

  /** Takes the timer that fires first, if its time is `untilMs` or earlier. */
  takeDue(untilMs: number): HeapTimer | undefined {
    const first = this.peek()
    if (first === undefined || first.timestampMs > untilMs) return undefined
    this.#heap.pop()
    this.#index.remove(first)
    first.live = false
    return first
  }

  /** Removes all timers. */
  clear(): void {
    while (this.takeDue(Number.POSITIVE_INFINITY) !== undefined) {}
  }

  /** All registered timers. Timers do not change, so the list stays true of this moment. */
  list(): HeapTimer[] {
    const timers: HeapTimer[] = []
    this.#heap.forEach((timer) => {
      if (timer.live) timers.push(timer)
    })
    return timers
  }
}

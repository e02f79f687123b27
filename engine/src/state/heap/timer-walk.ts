import { keyGroupOf } from '../../core/key-group.ts'
import { hashKey } from '../../types/key-hash.ts'
import type { HeapTimerService } from './heap-timer-service.ts'
import type { KeyGroupChunks } from './key-group-chunks.ts'
import type { WalkBudget } from './table-walk.ts'
import type { SaveTimer, TimerQueueWalk } from './timer-queue.ts'

/** Serializes the timers that a service had when the line was drawn, by key group. */
export class TimerWalk {
  readonly #walks: readonly TimerQueueWalk[]

  constructor(service: HeapTimerService, chunks: KeyGroupChunks, maxParallelism: number) {
    const saveIn = (domain: number): SaveTimer => {
      return (key, namespace, timestampMs, sequence) => {
        const keyGroup = keyGroupOf(hashKey(key), maxParallelism)
        const timer = { domain, timestampMs, sequence, namespace, key }
        service.write(timer, chunks.writer(keyGroup))
        chunks.count(keyGroup)
      }
    }
    this.#walks = service.drawLine(saveIn)
  }

  /** Serializes as much as the budget allows. @returns true when all are serialized. */
  advance(budget: WalkBudget): boolean {
    return this.#walks.every((walk) => walk.advance(budget))
  }

  /** The snapshot is complete or was given up. */
  end(): void {
    for (const walk of this.#walks) walk.end()
  }
}

import type { KeyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'
import type { WalkBudget } from './table-walk.ts'

/** A timer that was taken from its queue. To be read at once: the queue may reuse the object. */
export interface DueTimer {
  readonly key: unknown
  readonly identity: KeyIdentity
  readonly namespace: Namespace
  readonly timestampMs: number
}

/** Serializes a timer. */
export type SaveTimer = (
  key: unknown,
  namespace: Namespace,
  timestampMs: number,
  sequence: number,
) => void

/** Saves in slices what a queue held when the line was drawn. */
export interface TimerQueueWalk {
  /** Saves as much as the budget allows. @returns true when all are saved. */
  advance(budget: WalkBudget): boolean
  /** Nothing is saved any more. Called once, however the snapshot ends. */
  end(): void
}

/**
 * The timers of one service and time domain, each registered once. They fire by time, and those of
 * equal time in the order of registration.
 */
export interface TimerQueue {
  /** How many timers are registered. */
  readonly size: number
  /**
   * Adds a timer. Does nothing if there is one of this key, namespace and time.
   *
   * @param timestampMs any number but `NaN`
   * @param sequence the order of registration; higher than all before
   */
  register(
    key: unknown,
    identity: KeyIdentity,
    namespace: Namespace,
    timestampMs: number,
    sequence: number,
  ): void
  /** Removes a timer, if it is registered. */
  delete(identity: KeyIdentity, namespace: Namespace, timestampMs: number): void
  /**
   * When to ask for due timers next; undefined if there is no timer. No timer is due before. It may
   * be the time of a timer that was deleted: asked for then, nothing is due, and the next answer is
   * a later one.
   */
  wakeMs(): number | undefined
  /** Takes the timer that fires first, if its time is `untilMs` or earlier. */
  takeDue(untilMs: number): DueTimer | undefined
  /** Removes all timers. */
  clear(): void
  /**
   * Draws a snapshot's line: the timers there are now are saved, whatever happens meanwhile. One
   * walk at a time.
   *
   * @param cut the sequence that the next timer will have
   */
  drawLine(cut: number, save: SaveTimer): TimerQueueWalk
}

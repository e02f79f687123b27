import type { KeyIdentity } from '../../types/key-identity.ts'
import type { Namespace } from '../namespace.ts'
import { HeapTimer } from './heap-timer.ts'

/** Timers of one namespace and time: most often just one, hence no map before the second. */
type Slot = HeapTimer | Map<KeyIdentity, HeapTimer>

/** Finds the timer of a key, namespace and time. */
export class TimerIndex {
  readonly #slots = new Map<Namespace, Map<number, Slot>>()

  get(identity: KeyIdentity, namespace: Namespace, timestampMs: number): HeapTimer | undefined {
    const slot = this.#slots.get(namespace)?.get(timestampMs)
    if (!(slot instanceof HeapTimer)) return slot?.get(identity)
    // `Object.is` because the identity may be NaN, which a map would find.
    return Object.is(slot.identity, identity) ? slot : undefined
  }

  /** Adds a timer that is not in the index. */
  add(timer: HeapTimer): void {
    let times = this.#slots.get(timer.namespace)
    if (times === undefined) {
      times = new Map()
      this.#slots.set(timer.namespace, times)
    }
    const slot = times.get(timer.timestampMs)
    if (slot === undefined) times.set(timer.timestampMs, timer)
    else if (slot instanceof HeapTimer) {
      const timers = new Map<KeyIdentity, HeapTimer>()
      timers.set(slot.identity, slot).set(timer.identity, timer)
      times.set(timer.timestampMs, timers)
    } else slot.set(timer.identity, timer)
  }

  /** Removes a timer that is in the index. */
  remove(timer: HeapTimer): void {
    const times = this.#slots.get(timer.namespace)
    if (times === undefined) return
    const slot = times.get(timer.timestampMs)
    if (slot instanceof Map) {
      slot.delete(timer.identity)
      if (slot.size > 0) return
    }
    times.delete(timer.timestampMs)
    if (times.size === 0) this.#slots.delete(timer.namespace)
  }
}

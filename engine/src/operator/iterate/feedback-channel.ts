import { RingBuffer } from '../../base/ring-buffer.ts'

/** A record on its way back to the head of a loop. */
export interface FeedbackRecord<T> {
  readonly value: T
  readonly timestampMs: number
}

/**
 * The way back from one subtask of a loop's tail to that of its head. Both are in one isolate, so
 * it is a queue.
 *
 * A snapshot has to hold the records that go round at the barrier. Those in the queue when the
 * barrier passes the head are in the head's state. Those that the tail sends from then until the
 * barrier has come round to it belong to the checkpoint too: they are logged, and become the
 * tail's state. (Carbone et al., Lightweight Asynchronous Snapshots for Distributed Dataflows.)
 */
export class FeedbackChannel<T> {
  readonly #queue = new RingBuffer<FeedbackRecord<T>>()
  readonly #logs = new Map<number, FeedbackRecord<T>[]>()
  #wake: (() => void) | undefined
  /** How many records were sent in all. */
  sent = 0

  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  /** Sets who is told, once, that there are records. */
  onReadable(wake: () => void): void {
    this.#wake = wake
    if (!this.isEmpty) wake()
  }

  send(value: T, timestampMs: number): void {
    const record = { value, timestampMs }
    this.sent++
    for (const log of this.#logs.values()) log.push(record)
    this.#queue.push(record)
    if (this.#queue.length === 1) this.#wake?.()
  }

  take(): FeedbackRecord<T> | undefined {
    return this.#queue.shift()
  }

  /** The barrier passes the head. @returns the records it has not taken yet */
  beginLog(checkpointId: number): FeedbackRecord<T>[] {
    this.#logs.set(checkpointId, [])
    const waiting: FeedbackRecord<T>[] = []
    this.#queue.forEach((record) => void waiting.push(record))
    return waiting
  }

  /** The barrier has come to the tail. @returns what was sent since it passed the head */
  endLog(checkpointId: number): FeedbackRecord<T>[] {
    const log = this.#logs.get(checkpointId) ?? []
    for (const id of this.#logs.keys()) if (id <= checkpointId) this.#logs.delete(id)
    return log
  }
}

import { assert } from '../../base/engine-error.ts'
import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import type { ControlElement, StreamElement } from '../../core/stream-element.ts'
import type { Channel } from './channel.ts'

/**
 * A channel whose sender ends before its receiver starts. It keeps all that was sent, so that a
 * receiver that is restarted reads it again without its sender running again. Its sender is never
 * stopped for want of credit.
 *
 * What it keeps lies in memory, by reference: a result has to fit there until its receivers have
 * finished. Spilling it to disk is still to come.
 */
export class BlockingChannel implements Channel {
  readonly hasCredit = true
  #kept: StreamElement[] = []
  #position = 0
  #isComplete = false
  /** A batch whose records were copied to the one before it. */
  #spare: RecordBatch | undefined

  get queued(): number {
    return this.#kept.length - this.#position
  }

  /** Called before a sender starts: forgets what one before it has sent. */
  restart(): void {
    this.#kept = []
    this.#isComplete = false
    this.rewind()
  }

  /** Called before a receiver starts: it reads from the beginning. */
  rewind(): void {
    this.#position = 0
  }

  emptyBatch(): RecordBatch {
    const batch = this.#spare ?? new RecordBatch()
    this.#spare = undefined
    return batch
  }

  sendBatch(batch: RecordBatch): void {
    // Tasks send what they have at the end of each slice; kept as it is, most of it would be air.
    const last = this.#kept.at(-1)
    if (last?.kind !== 'records' || last.length + batch.length > RECORD_BATCH_CAPACITY) {
      this.#kept.push(batch)
      return
    }
    for (let i = 0; i < batch.length; i++) {
      last.add(batch.values[i], batch.timestamps[i] as number)
    }
    batch.clear()
    this.#spare = batch
  }

  /** Barriers end here: a checkpoint covers the tasks that run at the same time. */
  sendControl(element: ControlElement): void {
    // A sender that had ended before a restart ends again; all it has sent is there.
    if (this.#isComplete || element.kind === 'barrier') return
    this.#kept.push(element)
    this.#isComplete = element.kind === 'end'
  }

  poll(): StreamElement | undefined {
    assert(this.#isComplete, 'a blocking channel is read before its sender has ended')
    return this.queued === 0 ? undefined : this.#kept[this.#position++]
  }

  /** Nothing comes back: what was read stays. */
  recycle(): void {}

  onReadable(): void {}

  onWritable(): void {}
}

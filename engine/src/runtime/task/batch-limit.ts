import { RECORD_BATCH_CAPACITY, RecordBatch } from '../../core/record-batch.ts'
import type { Random } from '../../env/random.ts'

/** What an operator does with the batches of an input. */
export type BatchCall = (batch: RecordBatch) => void

/**
 * How many records an input may get at once: as many as come, unless a test wants fewer. No result
 * may depend on it.
 */
export function batchLimitOf(random: Random): number {
  if (random.buggify('task.one-record-batches')) return 1
  return random.buggify('task.seven-record-batches') ? 7 : RECORD_BATCH_CAPACITY
}

/**
 * Cuts the batches of a call into pieces of at most `limit` records, and calls `betweenPieces`
 * after each of them. With the usual limit the call itself is returned, so that nothing is in its
 * way.
 */
export function limitedTo(limit: number, call: BatchCall, betweenPieces: () => void): BatchCall {
  if (limit >= RECORD_BATCH_CAPACITY) return call
  const piece = new RecordBatch(limit)
  return ({ values, timestamps, length }) => {
    for (let i = 0; i < length; i++) {
      piece.add(values[i], timestamps[i] as number)
      if (piece.length < limit && i + 1 < length) continue
      call(piece)
      betweenPieces()
      piece.clear()
    }
  }
}

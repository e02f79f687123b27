/**
 * What an operator does with a batch if it does nothing but this with each of its records. The
 * runtime then calls it record by record, in one loop with its neighbours.
 */
export interface RecordStage {
  /**
   * `map`: what `call` returns is the operator's record; `filter`: the record goes on if `call`
   * returns true; `each`: `call` emits by itself, or nothing.
   */
  readonly kind: 'map' | 'filter' | 'each'
  readonly call: (value: never, timestampMs: number) => unknown
  /**
   * Handles what `call` threw as the operator's own `processBatch` does: returns if the record is
   * dropped, throws if the task fails.
   *
   * @param index position of the record in the batch, as the operator would have seen it
   */
  failed(error: unknown, value: unknown, timestampMs: number, index: number): void
  /** Called once a batch is through. */
  endBatch?(): void
}

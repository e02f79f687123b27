/**
 * What an operator does with a batch if it does nothing but this with each of its records. The
 * runtime then calls it record by record, in one loop with its neighbours.
 */
export type RecordStage = CallStage | TimestampsStage | PassStage

/** A stage that calls a function. */
export interface CallStage extends StageEvents {
  /**
   * `map`: what `call` returns is the operator's record; `filter`: the record goes on if `call`
   * returns true; `each`: `call` emits by itself, or nothing.
   */
  readonly kind: 'map' | 'filter' | 'each'
  readonly call: (value: never, timestampMs: number) => unknown
  /** True if a `map` or `filter` needs the timestamp; functions of users get the value alone. */
  readonly takesTime?: boolean
}

/** A stage that gives records their timestamps, and makes watermarks of them. */
export interface TimestampsStage extends StageEvents {
  readonly kind: 'timestamps'
  /** Gives the timestamp; without it records keep the one they have. */
  readonly assigner: ((value: never, timestampMs: number) => number) | undefined
  /** Takes a record up with its timestamp. @returns false if it is refused */
  admit(value: unknown, timestampMs: number): boolean
  /** Called behind each record, once it is through: the place for a watermark. */
  passed(): void
}

/** A stage that hands records on as they are. */
export interface PassStage extends StageEvents {
  readonly kind: 'pass'
}

interface StageEvents {
  /**
   * Handles what the stage threw as the operator's own `processBatch` does: returns if the record
   * is dropped, throws if the task fails.
   *
   * @param index position of the record in the batch, as the operator would have seen it
   */
  failed(error: unknown, value: unknown, timestampMs: number, index: number): void
  /** Called before the first record of a batch. */
  beginBatch?(): void
  /** Called once a batch is through. */
  endBatch?(): void
}

import type { OutputTag } from '../core/output-tag.ts'

/** Takes the records an operator emits, on their way to whatever follows. */
export interface Output<T> {
  /** Emits a record. `timestampMs` is NaN for none. */
  collect(value: T, timestampMs: number): void
  /** Emits a record to a side output. Dropped if nobody reads the tag. */
  sideOutput<X>(tag: OutputTag<X>, value: X, timestampMs: number): void
  /** Sends a watermark behind all records emitted so far. */
  emitWatermark(timestampMs: number): void
  emitWatermarkStatus(idle: boolean): void
  /** Hands on the records emitted so far. Called by the runtime; operators rarely need it. */
  flush(): void
}

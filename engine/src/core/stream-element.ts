import type { RecordBatch } from './record-batch.ts'

/**
 * The assertion that no record with this or an earlier timestamp is still expected. Control
 * elements travel between batches, never inside one.
 */
export interface Watermark {
  readonly kind: 'watermark'
  /** Milliseconds since 1970; {@link MAX_WATERMARK_MS} at the end of the input. */
  readonly timestampMs: number
}

/** Says whether a channel currently takes part in event time. */
export interface WatermarkStatus {
  readonly kind: 'watermark-status'
  readonly idle: boolean
}

/** Parts the records before a checkpoint from those after it. */
export interface CheckpointBarrier {
  readonly kind: 'barrier'
  readonly checkpointId: number
  /** Wall time at which the coordinator triggered the checkpoint, milliseconds since 1970. */
  readonly triggeredMs: number
  /** What the snapshot is for: a periodic checkpoint, a savepoint, or the last one of a job. */
  readonly purpose: SnapshotPurpose
}

/** What a snapshot is taken for. */
export type SnapshotPurpose = 'checkpoint' | 'savepoint'

/** The last element of a channel. Nothing follows it. */
export interface EndOfInput {
  readonly kind: 'end'
}

/** Whatever flows in a channel between two batches. */
export type ControlElement = Watermark | WatermarkStatus | CheckpointBarrier | EndOfInput

/** Whatever flows in a channel. */
export type StreamElement<T = unknown> = RecordBatch<T> | ControlElement

/** The watermark that closes event time: every window and event-time timer fires. */
export const MAX_WATERMARK_MS: number = Number.MAX_SAFE_INTEGER

/** The watermark before the first one. */
export const MIN_WATERMARK_MS: number = Number.MIN_SAFE_INTEGER

/** The end of a channel; one object serves all. */
export const END_OF_INPUT: EndOfInput = Object.freeze({ kind: 'end' })

/** The two watermark statuses; one object each serves all. */
export const IDLE_STATUS: WatermarkStatus = Object.freeze({ kind: 'watermark-status', idle: true })
/** See {@link IDLE_STATUS}. */
export const ACTIVE_STATUS: WatermarkStatus = Object.freeze({
  kind: 'watermark-status',
  idle: false,
})

/** Makes a watermark. */
export function watermark(timestampMs: number): Watermark {
  return { kind: 'watermark', timestampMs }
}

/** A record whose request is under way, or waits to be made. */
export class AsyncRequest<IN> {
  readonly kind = 'request' as const
  readonly value: IN
  readonly timestampMs: number
  /** How often it was made; an answer to an earlier time no longer counts. */
  attempts = 0
  /** When it has taken too long, on the clock; infinite for never. */
  deadlineMs: number = Number.POSITIVE_INFINITY
  /** What is to be emitted; undefined until there is an answer. */
  results: readonly unknown[] | undefined = undefined
  /** Which part of an unordered queue it is in. */
  segment = 0

  constructor(value: IN, timestampMs: number) {
    this.value = value
    this.timestampMs = timestampMs
  }
}

/** A watermark or status that keeps its place among the records. */
export type QueuedControl =
  | { readonly kind: 'watermark'; readonly timestampMs: number }
  | { readonly kind: 'watermark-status'; readonly idle: boolean }

/** Where a queue sends what has come to its turn. */
export interface RequestQueueOutput<IN> {
  emit(request: AsyncRequest<IN>): void
  emitControl(control: QueuedControl): void
}

/** Decides when the results of requests may be emitted. */
export interface RequestQueue<IN> {
  /** How many requests there are whose results were not emitted. */
  readonly size: number
  add(request: AsyncRequest<IN>): void
  /** Emitted once everything before it was. */
  addControl(control: QueuedControl): void
  /** A request has its results. */
  complete(request: AsyncRequest<IN>): void
  /** The requests whose results were not emitted, in the order of their records. */
  requests(): Iterable<AsyncRequest<IN>>
}

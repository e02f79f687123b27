import type {
  AsyncRequest,
  QueuedControl,
  RequestQueue,
  RequestQueueOutput,
} from './async-request.ts'

/** The requests between two watermarks. */
interface Segment<IN> {
  readonly requests: Set<AsyncRequest<IN>>
  /** Those that have results, while an earlier segment is not empty. */
  completed: AsyncRequest<IN>[]
  /** What ends the segment; undefined for the last one. */
  end: QueuedControl | undefined
}

/**
 * Emits results as they come, but no result passes a watermark: those of the first segment at once,
 * those behind a watermark once everything before it has gone.
 */
export class UnorderedRequestQueue<IN> implements RequestQueue<IN> {
  readonly #output: RequestQueueOutput<IN>
  /** The segments by number, first to last. */
  readonly #segments = new Map<number, Segment<IN>>()
  #first = 0
  #last = 0
  #size = 0

  constructor(output: RequestQueueOutput<IN>) {
    this.#output = output
    this.#segments.set(0, newSegment())
  }

  get size(): number {
    return this.#size
  }

  add(request: AsyncRequest<IN>): void {
    request.segment = this.#last
    this.#segment(this.#last).requests.add(request)
    this.#size++
  }

  addControl(control: QueuedControl): void {
    if (this.#size === 0) {
      this.#output.emitControl(control)
      return
    }
    this.#segment(this.#last).end = control
    this.#segments.set(++this.#last, newSegment())
  }

  complete(request: AsyncRequest<IN>): void {
    let first = this.#segment(this.#first)
    if (request.segment !== this.#first) {
      this.#segment(request.segment).completed.push(request)
      return
    }
    this.#emit(request, first)
    while (first.requests.size === 0 && first.end !== undefined) {
      this.#segments.delete(this.#first)
      this.#output.emitControl(first.end)
      first = this.#segment(++this.#first)
      const { completed } = first
      first.completed = []
      for (const one of completed) this.#emit(one, first)
    }
  }

  *requests(): Iterable<AsyncRequest<IN>> {
    for (const { requests } of this.#segments.values()) yield* requests
  }

  #emit(request: AsyncRequest<IN>, segment: Segment<IN>): void {
    segment.requests.delete(request)
    this.#size--
    this.#output.emit(request)
  }

  #segment(index: number): Segment<IN> {
    return this.#segments.get(index) as Segment<IN>
  }
}

function newSegment<IN>(): Segment<IN> {
  return { requests: new Set(), completed: [], end: undefined }
}

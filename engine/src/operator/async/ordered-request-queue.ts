import type {
  AsyncRequest,
  QueuedControl,
  RequestQueue,
  RequestQueueOutput,
} from './async-request.ts'

/** Emits results in the order of the records. */
export class OrderedRequestQueue<IN> implements RequestQueue<IN> {
  readonly #output: RequestQueueOutput<IN>
  /** In order of arrival, which a set keeps; requests leave it at the front only. */
  readonly #elements = new Set<AsyncRequest<IN> | QueuedControl>()
  #size = 0

  constructor(output: RequestQueueOutput<IN>) {
    this.#output = output
  }

  get size(): number {
    return this.#size
  }

  add(request: AsyncRequest<IN>): void {
    this.#elements.add(request)
    this.#size++
  }

  addControl(control: QueuedControl): void {
    if (this.#size === 0) this.#output.emitControl(control)
    else this.#elements.add(control)
  }

  complete(): void {
    for (const element of this.#elements) {
      if (element.kind !== 'request') {
        this.#elements.delete(element)
        this.#output.emitControl(element)
        continue
      }
      if (element.results === undefined) return
      this.#elements.delete(element)
      this.#size--
      this.#output.emit(element)
    }
  }

  *requests(): Iterable<AsyncRequest<IN>> {
    for (const element of this.#elements) if (element.kind === 'request') yield element
  }
}

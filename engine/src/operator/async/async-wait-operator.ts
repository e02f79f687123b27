import { RingBuffer } from '../../base/ring-buffer.ts'
import type { RecordBatch } from '../../core/record-batch.ts'
import type { OperatorListState } from '../../state/operator-state.ts'
import { types } from '../../types/types.ts'
import type { OneInputOperator } from '../operator.ts'
import { OperatorBase } from '../operator-base.ts'
import { functionError, handleRecordError } from '../record-error.ts'
import type { AsyncFunction, AsyncResult } from './async-function.ts'
import type { AsyncPlan } from './async-plan.ts'
import {
  AsyncRequest,
  type QueuedControl,
  type RequestQueue,
  type RequestQueueOutput,
} from './async-request.ts'
import { OrderedRequestQueue } from './ordered-request-queue.ts'
import { UnorderedRequestQueue } from './unordered-request-queue.ts'

/** A record in the state: its request is made again after a restore. */
interface StoredRequest<IN> {
  readonly value: IN
  readonly timestampMs: number
}

/** What a request has come to, on its way into the mailbox. */
interface Answer<IN, OUT> {
  readonly request: AsyncRequest<IN>
  readonly attempt: number
  readonly outcome:
    | { readonly kind: 'result'; readonly result: AsyncResult<OUT> }
    | { readonly kind: 'error'; readonly error: unknown }
}

/**
 * Makes a request for each record and emits what comes back.
 *
 * Records beyond the capacity wait in a backlog, which holds what is left of the batch at hand; the
 * task reads no further batches meanwhile. Answers come back through the mailbox. Whatever was not
 * emitted at a snapshot is in the state, as the record it was made for.
 */
export class AsyncWaitOperator<IN, OUT>
  extends OperatorBase<OUT>
  implements OneInputOperator<IN>, RequestQueueOutput<IN>
{
  readonly #plan: AsyncPlan<IN, OUT>
  readonly #fn: AsyncFunction<IN, OUT>
  readonly #queue: RequestQueue<IN>
  readonly #backlog = new RingBuffer<AsyncRequest<IN> | QueuedControl>()
  #state!: OperatorListState<StoredRequest<IN>>
  #answers: Answer<IN, OUT>[] = []
  #isAvailable = true
  #timeoutTimer: { cancel(): void } | undefined

  constructor(plan: AsyncPlan<IN, OUT>) {
    super(plan.fn)
    this.#plan = plan
    this.#fn = plan.fn
    this.#queue =
      plan.order === 'ordered' ? new OrderedRequestQueue(this) : new UnorderedRequestQueue(this)
  }

  override initializeState(): void {
    super.initializeState()
    const { type } = this.#plan
    this.#state = this.context.operatorState.getListState<StoredRequest<IN>>(
      'millrace-async-requests',
      type && types.row({ value: type, timestampMs: types.number }),
    )
    for (const { value, timestampMs } of this.#state.get()) {
      this.#backlog.push(new AsyncRequest(value, timestampMs))
    }
    const queue = this.#queue
    this.context.metrics.gauge('numAsyncRequests', () => queue.size)
  }

  override open(): void {
    super.open()
    this.#advance()
  }

  processBatch(batch: RecordBatch<IN>): void {
    const { values, timestamps, length } = batch
    for (let i = 0; i < length; i++) {
      this.#backlog.push(new AsyncRequest(values[i] as IN, timestamps[i] as number))
    }
    this.#advance()
  }

  override processWatermark(timestampMs: number): void {
    this.#backlog.push({ kind: 'watermark', timestampMs })
    this.#advance()
  }

  override processWatermarkStatus(idle: boolean): void {
    this.#backlog.push({ kind: 'watermark-status', idle })
    this.#advance()
  }

  override snapshotState(checkpointId: number): void {
    super.snapshotState(checkpointId)
    const stored: StoredRequest<IN>[] = []
    for (const { value, timestampMs } of this.#queue.requests()) stored.push({ value, timestampMs })
    this.#backlog.forEach((element) => {
      if (element.kind !== 'request') return
      stored.push({ value: element.value, timestampMs: element.timestampMs })
    })
    this.#state.update(stored)
  }

  endInput(): void {}

  hasPendingWork(): boolean {
    return this.#queue.size > 0 || this.#backlog.length > 0
  }

  emit(request: AsyncRequest<IN>): void {
    const results = request.results as readonly OUT[]
    for (let i = 0; i < results.length; i++) {
      this.output.collect(results[i] as OUT, request.timestampMs)
    }
  }

  emitControl(control: QueuedControl): void {
    if (control.kind === 'watermark') this.output.emitWatermark(control.timestampMs)
    else this.output.emitWatermarkStatus(control.idle)
  }

  /** Makes requests of the backlog as far as the capacity goes, and says whether there is room. */
  #advance(): void {
    const backlog = this.#backlog
    const queue = this.#queue
    const { capacity } = this.#plan
    for (let next = backlog.peek(); next !== undefined; next = backlog.peek()) {
      if (next.kind === 'request') {
        if (queue.size >= capacity) break
        backlog.shift()
        this.#begin(next)
      } else {
        backlog.shift()
        queue.addControl(next)
      }
    }
    const isAvailable = queue.size < capacity
    if (isAvailable === this.#isAvailable) return
    this.#isAvailable = isAvailable
    this.context.setAvailable(isAvailable)
  }

  #begin(request: AsyncRequest<IN>): void {
    const { timeoutMs } = this.#plan
    this.#queue.add(request)
    if (timeoutMs !== undefined) {
      request.deadlineMs = this.context.processingTime.nowMs() + timeoutMs
      if (this.#timeoutTimer === undefined) this.#awaitTimeout(request.deadlineMs)
    }
    this.#invoke(request)
  }

  #invoke(request: AsyncRequest<IN>): void {
    const attempt = ++request.attempts
    let promise: Promise<AsyncResult<OUT>>
    try {
      promise = Promise.resolve(this.#fn.asyncInvoke(request.value))
    } catch (error) {
      promise = Promise.reject(error)
    }
    promise.then(
      (result) => this.#post({ request, attempt, outcome: { kind: 'result', result } }),
      (error) => this.#post({ request, attempt, outcome: { kind: 'error', error } }),
    )
  }

  /** Answers that come together are taken together: one mail for all. */
  #post(answer: Answer<IN, OUT>): void {
    this.#answers.push(answer)
    if (this.#answers.length === 1) this.context.execute(() => this.#takeAnswers())
  }

  #takeAnswers(): void {
    const answers = this.#answers
    this.#answers = []
    for (const { request, attempt, outcome } of answers) {
      // Timed out meanwhile, or made anew.
      if (request.results !== undefined || attempt !== request.attempts) continue
      if (outcome.kind === 'error') this.#onError(request, outcome.error)
      else this.#onResult(request, asArray(outcome.result))
    }
    this.#advance()
  }

  #onResult(request: AsyncRequest<IN>, results: readonly OUT[]): void {
    const retry = this.#plan.retry
    if (retry?.ifResult !== undefined && request.attempts <= retry.maxRetries) {
      if (this.#ask(() => retry.ifResult?.(results) === true)) {
        this.#retryLater(request)
        return
      }
    }
    this.#complete(request, results)
  }

  #onError(request: AsyncRequest<IN>, error: unknown): void {
    const retry = this.#plan.retry
    if (retry !== undefined && request.attempts <= retry.maxRetries) {
      if (retry.ifError === undefined || this.#ask(() => retry.ifError?.(error) === true)) {
        this.#retryLater(request)
        return
      }
    }
    this.#fail(request, error)
  }

  #retryLater(request: AsyncRequest<IN>): void {
    const { processingTime, metrics } = this.context
    metrics.counter('numAsyncRetries').add(1)
    const delayMs = this.#ask(() => this.#plan.retry?.delayMs(request.attempts) ?? 0)
    processingTime.schedule(processingTime.nowMs() + delayMs, () => {
      if (request.results === undefined) this.#invoke(request)
    })
  }

  /** One timer serves all requests: it is set for the oldest, and then for the next oldest. */
  #awaitTimeout(deadlineMs: number): void {
    this.#timeoutTimer = this.context.processingTime.schedule(deadlineMs, () => {
      this.#timeoutTimer = undefined
      this.#timeOut()
      this.#advance()
    })
  }

  #timeOut(): void {
    const nowMs = this.context.processingTime.nowMs()
    let nextMs = Number.POSITIVE_INFINITY
    const due: AsyncRequest<IN>[] = []
    for (const request of this.#queue.requests()) {
      if (request.results !== undefined) continue
      if (request.deadlineMs <= nowMs) due.push(request)
      else if (request.deadlineMs < nextMs) nextMs = request.deadlineMs
    }
    if (nextMs !== Number.POSITIVE_INFINITY) this.#awaitTimeout(nextMs)
    for (const request of due) this.#onTimeout(request)
  }

  #onTimeout(request: AsyncRequest<IN>): void {
    this.context.metrics.counter('numAsyncTimeouts').add(1)
    if (this.#fn.timeout === undefined) {
      this.#fail(request, new Error(`no result within ${this.#plan.timeoutMs} ms`))
      return
    }
    let results: readonly OUT[]
    try {
      results = asArray(this.#fn.timeout(request.value))
    } catch (error) {
      this.#fail(request, error)
      return
    }
    this.#complete(request, results)
  }

  /** The record error policy decides; if the job goes on, it does so without this record. */
  #fail(request: AsyncRequest<IN>, error: unknown): void {
    handleRecordError(this.context, error, request.value, request.timestampMs, -1)
    this.#complete(request, [])
  }

  #complete(request: AsyncRequest<IN>, results: readonly OUT[]): void {
    request.results = results
    this.#queue.complete(request)
  }

  #ask<R>(question: () => R): R {
    try {
      return question()
    } catch (error) {
      throw functionError(this.context, 'the retry strategy', error)
    }
  }
}

function asArray<OUT>(result: AsyncResult<OUT>): readonly OUT[] {
  return Array.isArray(result) ? result : [result as OUT]
}

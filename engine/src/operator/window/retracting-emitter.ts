import type { OutputTag } from '../../core/output-tag.ts'
import type { StateTable } from '../../state/keyed-state-backend.ts'
import type { Namespace } from '../../state/namespace.ts'
import type { TypeInformation } from '../../types/type-information.ts'
import { types } from '../../types/types.ts'
import type { Output } from '../output.ts'
import type { Window } from './window.ts'
import type { WindowChange } from './window-change.ts'
import { WindowEmitter, type WindowEmitterOptions } from './window-emitter.ts'

/** What a {@link RetractingEmitter} is made of. */
export interface RetractingEmitterOptions<OUT, K, W extends Window>
  extends Omit<WindowEmitterOptions<OUT, K, W>, 'output'> {
  readonly output: Output<WindowChange<OUT>>
  /** Type of the results; without it the generic serializer is used. */
  readonly resultType: TypeInformation<OUT> | undefined
}

/**
 * Emits results as changes: when a window fires again, what it emitted before is taken back first.
 * The results that stand are state, beside the contents of the window.
 */
export class RetractingEmitter<OUT, K, W extends Window> {
  readonly #output: Output<WindowChange<OUT>>
  readonly #inner: WindowEmitter<OUT, K, W>
  readonly #standing: StateTable<OUT[]>
  readonly #captured: CapturedResults<OUT>

  constructor(options: RetractingEmitterOptions<OUT, K, W>) {
    const { context, output, resultType } = options
    this.#output = output
    this.#captured = new CapturedResults(output)
    this.#inner = new WindowEmitter({ ...options, output: this.#captured })
    const type = resultType && types.array(resultType)
    this.#standing = context.keyedState.table('millrace-window-results', type)
  }

  /** As {@link WindowEmitter.emit}; `namespace` is where the contents are. */
  emit(
    key: unknown,
    window: W,
    value: unknown,
    watermarkMs: number,
    stays: boolean,
    namespace: Namespace,
  ): void {
    this.#inner.emit(key, window, value, watermarkMs, stays)
    const results = this.#captured.take()
    const { maxTimestampMs } = window
    for (const old of this.#standing.get(namespace) ?? []) {
      this.#output.collect({ kind: 'retract', value: old }, maxTimestampMs)
    }
    if (results.length === 0) this.#standing.remove(namespace)
    else this.#standing.put(namespace, results)
    for (const result of results) {
      this.#output.collect({ kind: 'add', value: result }, maxTimestampMs)
    }
  }

  /** As {@link WindowEmitter.clear}. */
  clear(key: unknown, window: W, watermarkMs: number, namespace: Namespace): void {
    this.#standing.remove(namespace)
    this.#inner.clear(key, window, watermarkMs)
  }

  /** A window was merged into another, which takes its results back when it fires. */
  merge(from: Namespace, into: Namespace): void {
    const results = this.#standing.get(from)
    if (results === undefined) return
    this.#standing.remove(from)
    this.#standing.put(into, [...(this.#standing.get(into) ?? []), ...results])
  }
}

/** Holds back the results of one firing; side outputs pass through. */
class CapturedResults<OUT> implements Output<OUT> {
  readonly #target: Output<unknown>
  #results: OUT[] = []

  constructor(target: Output<unknown>) {
    this.#target = target
  }

  take(): OUT[] {
    const results = this.#results
    this.#results = []
    return results
  }

  collect(value: OUT): void {
    this.#results.push(value)
  }

  sideOutput<X>(tag: OutputTag<X>, value: X, timestampMs: number): void {
    this.#target.sideOutput(tag, value, timestampMs)
  }

  emitWatermark(timestampMs: number): void {
    this.#target.emitWatermark(timestampMs)
  }

  emitWatermarkStatus(idle: boolean): void {
    this.#target.emitWatermarkStatus(idle)
  }

  flush(): void {
    this.#target.flush()
  }
}

import type { OperatorContext } from '../operator-context.ts'
import type { Output } from '../output.ts'
import { TimestampedCollector } from '../timestamped-collector.ts'
import type { Window } from './window.ts'
import type { WindowAssigner } from './window-assigner.ts'
import type { WindowContents } from './window-contents.ts'
import type { ProcessWindow, ProcessWindowFunction } from './window-function.ts'
import { WindowProcessContext } from './window-process-context.ts'

/** What a {@link WindowEmitter} is made of. */
export interface WindowEmitterOptions<OUT, K, W extends Window> {
  readonly contents: WindowContents<never, unknown>
  readonly process: ProcessWindow<never, OUT, K, W> | undefined
  readonly assigner: WindowAssigner<never, W>
  readonly context: OperatorContext
  readonly output: Output<OUT>
}

/**
 * Makes results of the contents of windows: hands them to the process function if there is one,
 * else emits what was computed. Both kinds of window operator emit through it.
 */
export class WindowEmitter<OUT, K, W extends Window> {
  readonly #elements: (value: unknown, stays: boolean) => readonly unknown[]
  readonly #function: ProcessWindowFunction<never, OUT, K, W> | undefined
  readonly #processContext: WindowProcessContext<W>
  readonly #context: OperatorContext
  readonly #output: Output<OUT>
  readonly #collector: TimestampedCollector<OUT>

  constructor(options: WindowEmitterOptions<OUT, K, W>) {
    const { process, context, output } = options
    this.#elements = options.contents.elements
    this.#function = typeof process === 'function' ? { process } : process
    this.#processContext = new WindowProcessContext(options.assigner, context, output)
    this.#context = context
    this.#output = output
    this.#collector = new TimestampedCollector(output)
  }

  /** True if {@link WindowEmitter.clear} does anything. */
  get hasClear(): boolean {
    return this.#function?.clear !== undefined
  }

  /**
   * Emits the results of a window of a key.
   * @param stays true if the contents are kept after this
   */
  emit(key: unknown, window: W, value: unknown, watermarkMs: number, stays: boolean): void {
    const elements = this.#elements(value, stays)
    const fn = this.#function
    if (fn === undefined) {
      this.#output.collect(elements[0] as OUT, window.maxTimestampMs)
      return
    }
    this.#enter(key, window, watermarkMs)
    this.#collector.timestampMs = window.maxTimestampMs
    fn.process(key as K, this.#processContext, elements as readonly never[], this.#collector)
  }

  /** Tells the process function that a window of a key is given up. */
  clear(key: unknown, window: W, watermarkMs: number): void {
    const fn = this.#function
    if (fn?.clear === undefined) return
    this.#enter(key, window, watermarkMs)
    fn.clear(key as K, this.#processContext)
  }

  #enter(key: unknown, window: W, watermarkMs: number): void {
    this.#context.keyedState.setCurrentKey(key)
    this.#processContext.window = window
    this.#processContext.currentWatermarkMs = watermarkMs
  }
}

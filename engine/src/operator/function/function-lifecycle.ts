import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { OperatorContext } from '../operator-context.ts'
import { functionError, operatorOf } from '../record-error.ts'
import type { CheckpointedFunction, CheckpointListener } from './checkpointed-function.ts'
import { FunctionContext } from './function-context.ts'
import type { RichFunction } from './functions.ts'

/** What a function object may implement beside its main method. */
export type FunctionObject = RichFunction &
  Partial<CheckpointedFunction> &
  Partial<CheckpointListener>

/**
 * Leads the function objects of one operator through their life: state, `open`, snapshots,
 * notifications, `close`. Plain functions have none and are left out. Each step happens at most
 * once.
 */
export class FunctionLifecycle {
  readonly #functions: readonly FunctionObject[]
  /** The functions whose `open` was called, and which therefore must be closed. */
  readonly #opened: FunctionObject[] = []
  #context: OperatorContext | undefined
  #runtimeContext: FunctionContext | undefined
  #finished = false

  constructor(functions: readonly unknown[]) {
    this.#functions = functions.filter((f): f is FunctionObject => typeof f === 'object' && !!f)
  }

  setup(context: OperatorContext): void {
    this.#context = context
    this.#runtimeContext = new FunctionContext(context)
  }

  /** @throws USER_FUNCTION if a function's `initializeState` throws */
  initializeState(): void {
    const { restoredCheckpointId, operatorState } = this.#contextOf()
    const isRestored = restoredCheckpointId !== undefined
    const keyedState = this.#runtimeContextOf()
    for (const fn of this.#functions) {
      if (typeof fn.initializeState !== 'function') continue
      this.#call('initializeState', () =>
        fn.initializeState?.({ isRestored, operatorState, keyedState }),
      )
    }
  }

  /** @throws USER_FUNCTION if an `open` throws, INVALID_PROGRAM if it is asynchronous */
  open(): void {
    const context = this.#runtimeContextOf()
    for (const fn of this.#functions) {
      if (this.#opened.includes(fn)) continue
      this.#opened.push(fn)
      if (typeof fn.open !== 'function') continue
      const result: unknown = this.#call('open', () => fn.open?.(context))
      if (result instanceof Promise) this.#refuseAsyncOpen(result)
    }
  }

  snapshotState(checkpointId: number): void {
    for (const fn of this.#functions) {
      if (typeof fn.snapshotState !== 'function') continue
      this.#call('snapshotState', () => fn.snapshotState?.(checkpointId))
    }
  }

  notifyCheckpointComplete(checkpointId: number): void {
    for (const fn of this.#functions) {
      if (typeof fn.notifyCheckpointComplete !== 'function') continue
      this.#call('notifyCheckpointComplete', () => fn.notifyCheckpointComplete?.(checkpointId))
    }
  }

  notifyCheckpointAborted(checkpointId: number): void {
    for (const fn of this.#functions) {
      if (typeof fn.notifyCheckpointAborted !== 'function') continue
      this.#call('notifyCheckpointAborted', () => fn.notifyCheckpointAborted?.(checkpointId))
    }
  }

  /** All records are processed: an error in `close` now fails the task. */
  finish(): void {
    this.#finished = true
  }

  /**
   * Closes what was opened, last opened first, and all of it even if some `close` throws. Before
   * {@link finish} the task is failing or being cancelled already: an error is then only counted,
   * in `numCloseErrors`, so that it does not mask the first one.
   *
   * @throws USER_FUNCTION the first error of a `close`, after `finish`
   */
  close(): void {
    let first: EngineError | undefined
    for (let fn = this.#opened.pop(); fn !== undefined; fn = this.#opened.pop()) {
      try {
        fn.close?.()
      } catch (error) {
        this.#contextOf().metrics.counter('numCloseErrors').add(1)
        first ??= functionError(this.#contextOf(), 'close', error)
      }
    }
    if (first !== undefined && this.#finished) throw first
  }

  #call<R>(where: string, run: () => R): R {
    try {
      return run()
    } catch (error) {
      throw functionError(this.#contextOf(), where, error)
    }
  }

  #refuseAsyncOpen(result: Promise<unknown>): never {
    result.catch(() => {}) // the program is refused anyway; its rejection would be a second error
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `open of the function of ${operatorOf(this.#contextOf())} returned a promise, but open is ` +
        'synchronous. Prepare asynchronous resources before the job starts, or use async I/O',
    )
  }

  #contextOf(): OperatorContext {
    if (this.#context !== undefined) return this.#context
    throw new EngineError(ErrorCode.ASSERTION, 'a function was used before setup of its operator')
  }

  #runtimeContextOf(): FunctionContext {
    if (this.#runtimeContext !== undefined) return this.#runtimeContext
    throw new EngineError(ErrorCode.ASSERTION, 'a function was used before setup of its operator')
  }
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { TaskInfo } from '../../core/task-info.ts'
import { FeedbackLoop } from './feedback-loop.ts'

/**
 * What the head and the tail of one `iterate()` share: a loop for each execution attempt. It lives
 * in the program, so both must run in the isolate that built it.
 */
export class Iteration<T> {
  /** Set by `closeWith`. */
  isClosed = false
  readonly #loops = new Map<string, { readonly attempt: number; readonly loop: FeedbackLoop<T> }>()

  /** The loop of a job and attempt. @throws INVALID_PROGRAM if there is no way back */
  loopOf(task: TaskInfo): FeedbackLoop<T> {
    if (!this.isClosed) {
      throw new EngineError(
        ErrorCode.INVALID_PROGRAM,
        `'${task.operatorName}' begins a loop that nothing closes; call closeWith(feedback) on the ` +
          'stream that iterate() gave',
      )
    }
    const { jobId, attempt, parallelism } = task
    const known = this.#loops.get(jobId)
    if (known?.attempt === attempt) return known.loop
    const loop = new FeedbackLoop<T>(parallelism)
    this.#loops.set(jobId, { attempt, loop })
    return loop
  }
}

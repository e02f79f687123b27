import type { OperatorContext } from '../operator-context.ts'
import type { WatermarkStrategy } from '../time/watermark-strategy.ts'
import type { Source } from './source.ts'

/** How long a subtask may be without a split before that looks wrong. */
const WITHOUT_SPLIT_MS = 60_000

/**
 * Warns once if a subtask of an unbounded source has had no split for a minute and so holds back
 * the watermark of the job: no window fires, and nothing says why. Whether a split is still to come
 * nobody knows, as an enumerator may go on to look for some; what is said is what was seen.
 */
export class SplitWatch {
  readonly #context: OperatorContext
  #timer: { cancel(): void } | undefined

  constructor(context: OperatorContext) {
    this.#context = context
  }

  /** To be called when the source opens without a split. */
  begin<T>(
    { boundedness }: Pick<Source<unknown, unknown, unknown>, 'boundedness'>,
    { createGenerator, idleTimeoutMs }: WatermarkStrategy<T>,
  ): void {
    if (boundedness === 'bounded') return
    if (createGenerator === undefined || idleTimeoutMs !== undefined) return
    const { processingTime, task } = this.#context
    this.#timer = processingTime.schedule(processingTime.nowMs() + WITHOUT_SPLIT_MS, () => {
      this.#context.warn(
        `has had no split for ${WITHOUT_SPLIT_MS / 1_000} s, and holds the watermark back. If there ` +
          `are fewer splits than its ${task.parallelism} subtasks, lower the parallelism of the ` +
          'source, or let the watermark go on without silent subtasks by withIdleness()',
      )
    })
  }

  /** A split was assigned, or none ever will be. */
  end(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}

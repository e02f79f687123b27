import type { Env } from '../../../env/env.ts'
import type { Thread } from '../../../env/threads.ts'
import type { ScheduledTimer } from '../../../env/timers.ts'
import { type ExecutionId, executionKey, type TaskReport } from '../../../runtime/rpc/gateways.ts'
import type { ToThread } from './thread-messages.ts'

/** A slot of a job: a thread, and the tasks that were deployed there and have not ended. */
export class JobSlot {
  readonly thread: Thread
  /** Whether the thread has built the job, and takes tasks. */
  isReady = false
  /** What its tasks told of themselves last. */
  reports: readonly TaskReport[] = []
  readonly #tasks = new Map<string, ExecutionId>()
  readonly #threadEnded = Promise.withResolvers<void>()
  #cancellation: ScheduledTimer | undefined

  constructor(thread: Thread) {
    this.thread = thread
  }

  taskDeployed(id: ExecutionId): void {
    this.#tasks.set(executionKey(id), id)
  }

  taskEnded(id: ExecutionId): void {
    this.#tasks.delete(executionKey(id))
    // The task's own report comes with its end; the others tell theirs again.
    this.reports = []
    if (this.#tasks.size === 0) this.#stopWatching()
  }

  /**
   * The job is over. Lets the thread end by itself, so that it can close what it has open, and ends
   * it if it has not by then.
   */
  async end({ timers }: Env, latestMs: number): Promise<void> {
    this.thread.post({ kind: 'end' } satisfies ToThread)
    const timer = timers.schedule(latestMs, () => void this.thread.terminate())
    await this.#threadEnded.promise
    timer.cancel()
  }

  threadEnded(): void {
    this.#threadEnded.resolve()
  }

  /** The tasks end with the thread, or because it cannot run them. @returns which they were */
  allEnded(): readonly ExecutionId[] {
    const tasks = [...this.#tasks.values()]
    for (const id of tasks) this.taskEnded(id)
    return tasks
  }

  /**
   * A task is being cancelled. A function that does not return cannot be told to end, but its
   * thread can be ended.
   * @param tell is told which tasks do not react, before the thread is ended
   */
  watchCancellation(
    { clock, timers }: Env,
    id: ExecutionId,
    timeoutMs: number,
    tell: (stuck: readonly ExecutionId[]) => void,
  ): void {
    if (!this.#tasks.has(executionKey(id)) || this.#cancellation !== undefined) return
    this.#cancellation = timers.schedule(clock.nowMs() + timeoutMs, () => {
      tell([...this.#tasks.values()])
      void this.thread.terminate()
    })
  }

  #stopWatching(): void {
    this.#cancellation?.cancel()
    this.#cancellation = undefined
  }
}

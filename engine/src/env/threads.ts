import type { TextBytes } from '../base/text-bytes.ts'

/** A way to another thread: messages are copied, except for shared memory. */
export interface ThreadLink {
  post(message: unknown): void
  /** Sets who takes the messages; those that came before are given to it, in order. */
  onMessage(take: (message: unknown) => void): void
}

/** The way to the thread that started this one. */
export interface ParentLink extends ThreadLink {
  /** Nothing more is to come: this thread ends as soon as all that it has begun is done. */
  release(): void
}

/** A thread that this one started. */
export interface Thread extends ThreadLink {
  /**
   * Sets who is told that the thread has ended.
   * @param error what ended it: an uncaught error, memory that ran out; undefined if it ended by
   *   itself or was terminated
   */
  onExit(ended: (error: unknown) => void): void
  /** Ends the thread at once. */
  terminate(): Promise<void>
}

/** What a thread is started with. */
export interface ThreadOptions {
  /** URL of the module that the thread runs as its main module. */
  readonly module: string
  /** The arguments of the program, as `process.argv` has them from the third on. */
  readonly programArguments: readonly string[]
  /** MiB of objects it may hold before it is ended; undefined: as the platform has it. */
  readonly heapMebibytes: number | undefined
  /** Handed over, see {@link ThreadHost.startData}. */
  readonly startData: unknown
}

/** Threads that share memory with this one. Not every platform has them. */
export interface ThreadHost {
  /** How strings become bytes in shared memory. */
  readonly text: TextBytes
  /** URL of the module that this process was started with; undefined if there is none. */
  readonly mainModule: string | undefined
  /** The arguments of this program. */
  readonly programArguments: readonly string[]
  /** Counts the jobs of this process. @returns how many there were before */
  countJob(): number
  start(options: ThreadOptions): Thread
  /** The way to the thread that started this one; undefined if the engine did not start it. */
  readonly parent: ParentLink | undefined
  /** What the thread was started with. */
  readonly startData: unknown
}

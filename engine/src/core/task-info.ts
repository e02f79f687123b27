/** Where a function or operator runs: the facts a runtime context tells. */
export interface TaskInfo {
  readonly jobId: string
  readonly jobName: string
  /** Name of the operator as the program gave it. */
  readonly operatorName: string
  /** The address of the operator's state: its uid, or an id made from the graph. */
  readonly operatorId: string
  /** 0 to `parallelism - 1`. */
  readonly subtaskIndex: number
  readonly parallelism: number
  readonly maxParallelism: number
  /** 0 for the first execution attempt, one more after each restart. */
  readonly attempt: number
}

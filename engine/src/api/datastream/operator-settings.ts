/**
 * Settings of the operator that a stream comes from. Each returns the same stream, to be chained.
 *
 * ```ts
 * const tens = env.fromElements(1, 2).map((n) => n * 10).name('Tens').uid('tens')
 * await tens.executeAndCollect() // => [10, 20]
 * ```
 */
export interface OperatorSettings {
  /**
   * Names the operator in plans, metrics and errors. Names need not be unique.
   */
  name(name: string): this
  /** Describes the operator in plans. */
  setDescription(description: string): this
  /**
   * Gives the operator's state an address that survives changes of the program. Every stateful
   * operator of a job that is to be upgraded needs one.
   *
   * @throws INVALID_PROGRAM from `execute`, if two operators have the same uid: rename one
   */
  uid(uid: string): this
  /**
   * Sets how many subtasks the operator has, in place of the environment's parallelism.
   *
   * @throws INVALID_ARGUMENT unless it is a whole number of at least 1
   */
  setParallelism(parallelism: number): this
  /**
   * Sets the number of key groups: the highest parallelism the operator can ever have. It is fixed
   * for the life of the state.
   *
   * @throws INVALID_ARGUMENT unless it is a whole number of at least 1
   */
  setMaxParallelism(maxParallelism: number): this
  /** Operators of different groups never share a slot. */
  slotSharingGroup(group: string): this
  /** Begins a new chain with this operator. */
  startNewChain(): this
  /** Runs this operator in a task of its own. */
  disableChaining(): this
}

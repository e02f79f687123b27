import type { TypeInformation } from '../types/type-information.ts'

/** How the lists of operator state are given out to the subtasks on restore. */
export type RedistributionMode =
  /** All items of all subtasks are dealt out evenly. */
  | 'split'
  /** Every subtask receives all items of all subtasks. */
  | 'union'

/** State bound to a subtask: a list that is redistributed when the parallelism changes. */
export interface OperatorListState<T> {
  get(): readonly T[]
  add(value: T): void
  /** Replaces the whole list; what most operators do right before a snapshot. */
  update(values: readonly T[]): void
}

/** Hands out operator state. Usable on every stream, keyed or not. */
export interface OperatorStateStore {
  /** A list whose items are dealt out evenly on restore. */
  getListState<T>(name: string, type?: TypeInformation<T>): OperatorListState<T>
  /** A list that every subtask receives whole on restore. */
  getUnionListState<T>(name: string, type?: TypeInformation<T>): OperatorListState<T>
}

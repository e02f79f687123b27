/**
 * A change of what a window has emitted: its result is `value` now, or is `value` no more. Whoever
 * adds and takes away as told holds the latest results of every window, each once.
 */
export interface WindowChange<R> {
  readonly kind: 'add' | 'retract'
  readonly value: R
}

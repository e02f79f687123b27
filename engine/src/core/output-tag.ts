/**
 * Names a side output and carries its type. Two tags are the same output if their ids are equal.
 *
 * @example
 * ```ts
 * const late = outputTag<{ id: string }>('late-orders')
 * late.id // => 'late-orders'
 * ```
 */
export interface OutputTag<T> {
  readonly id: string
  /** Never set: it only carries the type of the records for the compiler. */
  readonly recordType?: (value: T) => T
}

/**
 * Makes an {@link OutputTag}. Used with `ctx.output`, `sideOutputLateData` and `getSideOutput`.
 *
 * ```ts
 * const rejected = outputTag<string>('rejected')
 * const numbers = env.fromElements('1', 'x').process<number>({
 *   processElement(text, ctx, out) {
 *     if (Number.isNaN(Number(text))) ctx.output(rejected, text)
 *     else out.collect(Number(text))
 *   },
 * })
 * await numbers.getSideOutput(rejected).executeAndCollect() // => ['x']
 * ```
 */
export function outputTag<T>(id: string): OutputTag<T> {
  return Object.freeze({ id })
}

import { type OutputTag, outputTag } from '../core/output-tag.ts'

/**
 * What happens to a poison record: one whose user function throws. `fail` fails the task (and the
 * restart strategy decides), `skip` counts it in `numRecordsSkipped`, `dead-letter` emits it with
 * its cause to {@link DEAD_LETTERS}. State changed before the throw stays changed.
 */
export type RecordErrorPolicy = 'fail' | 'skip' | 'dead-letter'

/** A poison record and why it is one. */
export interface DeadLetter {
  readonly operatorName: string
  readonly subtaskIndex: number
  /** The record as the operator received it. */
  readonly record: unknown
  /** Where it came from, if the source tells (file and line, offset). */
  readonly origin: string | undefined
  readonly timestampMs: number
  /** The message of the error. */
  readonly cause: string
}

/**
 * The side output of an operator that receives its poison records under the policy `dead-letter`.
 *
 * ```ts
 * env.set(ConfigOptions.recordErrorPolicy, 'dead-letter')
 * const numbers = env.fromElements('1', 'x').map((text) => {
 *   if (Number.isNaN(Number(text))) throw new Error(`${text} is no number`)
 *   return Number(text)
 * })
 * const letters = numbers.getSideOutput(DEAD_LETTERS).map(({ record, cause }) => [record, cause])
 * const [letter] = await letters.executeAndCollect()
 * letter // => ['x', 'Error: x is no number']
 * ```
 */
export const DEAD_LETTERS: OutputTag<DeadLetter> = outputTag<DeadLetter>('millrace-dead-letters')

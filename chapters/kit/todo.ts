/** Thrown where an exercise is still to be solved. */
export class TodoError extends Error {
  override readonly name = 'TodoError'
}

/**
 * Marks a place that the learner fills in.
 *
 * @param what what is to be written, as it is shown to the learner
 * @throws TodoError always; replace the call by your code
 */
export function todo(what: string): never {
  throw new TodoError(what)
}

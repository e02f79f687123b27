import type { CheckpointMetadata } from '../../state/checkpoint/checkpoint-metadata.ts'

/**
 * Finds operators that keep state and have no uid: a generated id changes with the program, and the
 * state is then not found again. Each operator is told of once.
 */
export class MissingUids {
  readonly #known = new Set<string>()

  /** What to tell the user about a durable checkpoint; undefined if there is nothing new. */
  warningOf(metadata: CheckpointMetadata): string | undefined {
    const names: string[] = []
    for (const { operatorId, name, uid, stateful } of metadata.operators) {
      if (!stateful || uid !== undefined || this.#known.has(operatorId)) continue
      this.#known.add(operatorId)
      names.push(`'${name}'`)
    }
    if (names.length === 0) return undefined
    return (
      `job '${metadata.jobName}' keeps state of operators without uid: ${names.join(', ')}. Their ` +
      'state is addressed by their place in the program and is not found again when the program ' +
      "changes: call uid('...') on each"
    )
  }
}

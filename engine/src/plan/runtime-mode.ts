import { EngineError, ErrorCode } from '../base/engine-error.ts'
import type { Transformation } from './transformation.ts'

/** How a job is to be run, as its program asks. */
export type RuntimeMode =
  /** Results are updated while records come; for any input. */
  | 'STREAMING'
  /** Stage by stage, final results only; for bounded input. */
  | 'BATCH'
  /** `BATCH` if every source is bounded, else `STREAMING`. */
  | 'AUTOMATIC'

/** How a job runs. */
export type ResolvedRuntimeMode = Exclude<RuntimeMode, 'AUTOMATIC'>

/**
 * Finds out how a program runs.
 * @throws INVALID_PROGRAM if it would run in BATCH and cannot
 */
export function resolveRuntimeMode(
  nodes: readonly Transformation[],
  asked: RuntimeMode,
): ResolvedRuntimeMode {
  const unbounded = nodes.find(({ body }) => {
    return body.kind === 'source' && body.source.boundedness === 'unbounded'
  })
  if (asked === 'STREAMING') return 'STREAMING'
  if (unbounded !== undefined) {
    if (asked === 'AUTOMATIC') return 'STREAMING'
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `source '${unbounded.name}' is unbounded, and the runtime mode is BATCH, which needs an end of ` +
        'the input; bound the source, or set the mode to STREAMING or AUTOMATIC',
    )
  }
  for (const { name, streamingOnly } of nodes) {
    if (streamingOnly === undefined) continue
    throw new EngineError(
      ErrorCode.INVALID_PROGRAM,
      `operator '${name}' cannot run in BATCH: ${streamingOnly}; set the runtime mode to STREAMING`,
    )
  }
  return 'BATCH'
}

import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** The error of a checkpoint that cannot be used: which one, why, and what to do. */
export function corruptCheckpoint(path: string, reason: string, cause?: unknown): EngineError {
  return new EngineError(
    ErrorCode.CORRUPT_CHECKPOINT,
    `checkpoint ${path} cannot be used: ${reason}; restore another one`,
    { cause },
  )
}

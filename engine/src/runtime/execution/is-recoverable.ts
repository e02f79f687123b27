import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** Failures that every restart would only repeat: the program or the snapshot is wrong. */
const PERMANENT: ReadonlySet<ErrorCode> = new Set([
  ErrorCode.INVALID_PROGRAM,
  ErrorCode.INVALID_CONFIG,
  ErrorCode.INCOMPATIBLE_STATE,
  ErrorCode.STATE_NOT_RESTORABLE,
  ErrorCode.CORRUPT_CHECKPOINT,
  ErrorCode.UNSUPPORTED,
])

/** True if a restart may get past this failure of a task; the restart strategy then decides. */
export function isRecoverable(error: unknown): boolean {
  return !(error instanceof EngineError && PERMANENT.has(error.code))
}

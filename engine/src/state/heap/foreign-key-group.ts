import { EngineError, ErrorCode } from '../../base/engine-error.ts'

/** The error for a key of which the subtask has no key group. */
export function foreignKeyGroup(keyGroup: number): EngineError {
  const message = `a key of key group ${keyGroup} came to a subtask that does not own it`
  return new EngineError(ErrorCode.ASSERTION, message)
}

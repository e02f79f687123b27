import { EngineError, ErrorCode } from '../base/engine-error.ts'

/** The error of a harness that has found an operator, source or sink to break its contract. */
export function contractViolation(message: string, cause?: unknown): EngineError {
  return new EngineError(ErrorCode.CONTRACT_VIOLATION, message, { cause })
}

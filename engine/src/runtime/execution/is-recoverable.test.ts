import { expect, test } from 'vitest'
import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import { isRecoverable } from './is-recoverable.ts'

test('what user code throws and what the world does may pass; a wrong program or snapshot does not', () => {
  const of = (code: ErrorCode): boolean => isRecoverable(new EngineError(code, 'planted'))
  expect(isRecoverable(new Error('user'))).toBe(true)
  expect(isRecoverable('a string')).toBe(true)
  expect(of(ErrorCode.USER_FUNCTION)).toBe(true)
  expect(of(ErrorCode.FILE_SYSTEM)).toBe(true)
  expect(of(ErrorCode.CONNECTION)).toBe(true)
  expect(of(ErrorCode.INVALID_PROGRAM)).toBe(false)
  expect(of(ErrorCode.INCOMPATIBLE_STATE)).toBe(false)
  expect(of(ErrorCode.STATE_NOT_RESTORABLE)).toBe(false)
  expect(of(ErrorCode.CORRUPT_CHECKPOINT)).toBe(false)
})

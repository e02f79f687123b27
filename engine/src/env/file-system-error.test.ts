import { expect, test } from 'vitest'
import { connectionError } from './connection-error.ts'
import { fileSystemError } from './file-system-error.ts'

test('says what happened, where, and what to do', () => {
  const cause = new Error('ENOSPC: no space left on device, write')
  const error = fileSystemError('append to', '/x/y', 'ENOSPC', cause)
  expect(error.message).toBe(
    'cannot append to /x/y: ENOSPC, no space left on device; free space or choose another folder',
  )
  expect(error).toMatchObject({ code: 'FILE_SYSTEM', retryable: false, cause })
  expect(fileSystemError('open', '/x', 'ENOENT').code).toBe('FILE_NOT_FOUND')
  expect(fileSystemError('open', '/x', 'EMFILE').retryable).toBe(true)
})

test('a code nobody has described brings the words of the system', () => {
  const cause = new Error('EWEIRD: the moon is full')
  expect(fileSystemError('sync', '/x', 'EWEIRD', cause).message).toBe(
    'cannot sync /x: EWEIRD, EWEIRD: the moon is full; see the cause',
  )
  expect(connectionError('connect to', 'db:1', 'EWEIRD', cause).message).toContain('the moon')
})

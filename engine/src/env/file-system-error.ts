import { EngineError, ErrorCode } from '../base/engine-error.ts'

/** What a system code means, and what somebody who sees it can do. */
const meanings: Readonly<Record<string, readonly [meaning: string, advice: string]>> = {
  EACCES: ['permission denied', 'give this user access or choose another folder'],
  EBADF: ['the file is not open for this', 'open it for reading, or create or open it to append'],
  EBUSY: ['in use by somebody else', 'try again later'],
  EEXIST: ['something else has this name', 'remove it or choose another name'],
  EINVAL: ['not a valid request here', 'check the path and the kind of file system'],
  EIO: ['the device failed', 'check the disk; bytes not synced before may be lost'],
  EISDIR: ['it is a folder', 'name a file'],
  EMFILE: ['too many open files', 'raise the limit (ulimit -n) or lower the parallelism'],
  ENAMETOOLONG: ['the name is too long', 'choose a shorter path'],
  ENFILE: ['too many open files on this machine', 'raise the system limit or close programs'],
  ENOENT: ['no such file or folder', 'check the path'],
  ENOSPC: ['no space left on device', 'free space or choose another folder'],
  ENOTDIR: ['a part of the path is no folder', 'check the path'],
  ENOTEMPTY: ['the folder is not empty', 'remove what is in it first'],
  EPERM: ['not permitted', 'give this user the right to it or choose another folder'],
  EROFS: ['read-only file system', 'mount it writable or choose another folder'],
}

const missing: readonly string[] = ['ENOENT', 'ENOTDIR']
const passing: readonly string[] = ['EAGAIN', 'EBUSY', 'EMFILE', 'ENFILE']

/**
 * The error of a failed file operation, worded alike on every platform: `cannot append to /x/y:
 * ENOSPC, no space left on device; free space or choose another folder`.
 *
 * @param doing the words after "cannot", such as `append to`.
 * @param systemCode such as `ENOSPC`; ENOENT and ENOTDIR become `FILE_NOT_FOUND`.
 */
export function fileSystemError(
  doing: string,
  path: string,
  systemCode: string,
  cause?: unknown,
): EngineError {
  const [meaning, advice] = meanings[systemCode] ?? [
    cause instanceof Error ? cause.message : 'the file system refused',
    'see the cause',
  ]
  const code = missing.includes(systemCode) ? ErrorCode.FILE_NOT_FOUND : ErrorCode.FILE_SYSTEM
  const message = `cannot ${doing} ${path}: ${systemCode}, ${meaning}; ${advice}`
  return new EngineError(code, message, { retryable: passing.includes(systemCode), cause })
}

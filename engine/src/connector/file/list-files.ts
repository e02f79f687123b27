import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { FileStatus, FileSystem } from '../../env/file-system.ts'

/** Folders deeper than this are most likely a link that leads back up. */
const FOLDER_DEPTH_MAX = 64

/** Which files to list. */
export interface ListFilesOptions {
  readonly recursive: boolean
  /**
   * Tests the path relative to the folder that was asked for. Not applied to a path that is a file.
   */
  readonly accepts: (relativePath: string) => boolean
}

/**
 * The file at `path`, or the files in the folder at `path`, sorted by path. Names that start with
 * `.` or `_` are hidden: unfinished output, markers. A hidden path that was asked for itself is
 * read.
 *
 * @throws FILE_NOT_FOUND if nothing is there.
 */
export async function listFiles(
  fileSystem: FileSystem,
  path: string,
  options: ListFilesOptions,
): Promise<readonly FileStatus[]> {
  const status = await fileSystem.stat(path)
  if (status === undefined) {
    throw new EngineError(
      ErrorCode.FILE_NOT_FOUND,
      `there is no file or folder ${path} to read; check the path of the file source`,
    )
  }
  if (status.kind === 'file') return [status]
  const files: FileStatus[] = []
  await addFiles(fileSystem, path, '', 0, options, files)
  return files.sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0))
}

async function addFiles(
  fileSystem: FileSystem,
  folder: string,
  relative: string,
  depth: number,
  options: ListFilesOptions,
  files: FileStatus[],
): Promise<void> {
  if (depth > FOLDER_DEPTH_MAX) {
    throw new EngineError(
      ErrorCode.FILE_SYSTEM,
      `${folder} is more than ${FOLDER_DEPTH_MAX} folders deep; look for a link to a folder above it`,
    )
  }
  for (const status of await fileSystem.list(folder)) {
    if (status.name.startsWith('.') || status.name.startsWith('_')) continue
    const path = relative === '' ? status.name : `${relative}/${status.name}`
    if (status.kind === 'file') {
      if (options.accepts(path)) files.push(status)
    } else if (options.recursive) {
      await addFiles(fileSystem, status.path, path, depth + 1, options, files)
    }
  }
}

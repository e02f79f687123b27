import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Env } from '../../env/env.ts'
import type { FileSystem } from '../../env/file-system.ts'
import type { Committer } from '../../operator/sink/sink.ts'
import type { FileCommittable } from './file-committable.ts'

/** Makes finished files visible, each by one rename. */
export class FileCommitter implements Committer<FileCommittable> {
  readonly #env: Env

  constructor(env: Env) {
    this.#env = env
  }

  /**
   * Commits all files, those that are visible already included.
   * @throws COMMIT_LOST if a file is neither pending nor visible, or not of its size.
   */
  async commit(committables: readonly FileCommittable[]): Promise<void> {
    const folders = new Set<string>()
    for (const [index, committable] of committables.entries()) {
      this.#env.faultPoint(`duringCommit(${index})`)
      await this.#commitOne(committable)
      const { finalPath } = committable
      folders.add(finalPath.slice(0, finalPath.lastIndexOf('/')))
    }
    // Also for files that were visible: the rename may not have been durable yet.
    for (const folder of folders) await this.#env.fileSystem.syncDirectory(folder || '/')
  }

  close(): void {}

  async #commitOne(committable: FileCommittable): Promise<void> {
    const { hiddenPath, finalPath, sizeBytes } = committable
    const { fileSystem } = this.#env
    const pending = await fileSystem.stat(hiddenPath)
    if (pending !== undefined) {
      if (pending.sizeBytes !== sizeBytes) throw lost(hiddenPath, sizeBytes, pending.sizeBytes)
      if (await renamed(fileSystem, hiddenPath, finalPath)) return
    }
    const visible = await fileSystem.stat(finalPath)
    if (visible === undefined) {
      throw new EngineError(
        ErrorCode.COMMIT_LOST,
        `${finalPath} cannot be committed: neither it nor ${hiddenPath} is there, so ${sizeBytes} ` +
          'bytes of output are lost. Put the file back, or restore an older checkpoint; nobody ' +
          'but the sink may touch hidden files',
      )
    }
    if (visible.sizeBytes !== sizeBytes) throw lost(finalPath, sizeBytes, visible.sizeBytes)
  }
}

/** False if the file is gone: a commit begun by the attempt before may end at this moment. */
async function renamed(fileSystem: FileSystem, from: string, to: string): Promise<boolean> {
  try {
    await fileSystem.rename(from, to)
    return true
  } catch (error) {
    if (error instanceof EngineError && error.code === ErrorCode.FILE_NOT_FOUND) return false
    throw error
  }
}

function lost(path: string, expectedBytes: number, foundBytes: number): EngineError {
  return new EngineError(
    ErrorCode.COMMIT_LOST,
    `${path} cannot be committed: it holds ${foundBytes} bytes and ${expectedBytes} were written. ` +
      'Put the file back as it was, or restore an older checkpoint',
  )
}

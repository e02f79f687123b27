import { EngineError, ErrorCode } from '../../base/engine-error.ts'
import type { Env } from '../../env/env.ts'
import type { FileStatus } from '../../env/file-system.ts'
import { type HiddenPart, parseHiddenName } from './part-name.ts'

/** Folders deeper than this are most likely a link that leads back up. */
const FOLDER_DEPTH_MAX = 64

/**
 * Removes the hidden files below `root` that `isLitter` names. The removal is made durable: a file
 * that came back after a crash could no longer be told from a good one.
 */
export async function removeLingeringFiles(
  env: Env,
  root: string,
  isLitter: (part: HiddenPart) => boolean,
): Promise<void> {
  let removed = 0
  const clean = async (folder: string, depth: number): Promise<void> => {
    let removedHere = 0
    for (const { kind, name, path } of await childrenOf(env, folder)) {
      if (kind === 'directory') {
        if (depth < FOLDER_DEPTH_MAX) await clean(path, depth + 1)
        continue
      }
      const part = parseHiddenName(name)
      if (part === undefined || !isLitter(part)) continue
      env.faultPoint(`whileAbortingLingering(${removed++})`)
      await env.fileSystem.remove(path)
      removedHere++
    }
    if (removedHere > 0) await env.fileSystem.syncDirectory(folder)
  }
  await clean(root, 0)
}

async function childrenOf(env: Env, folder: string): Promise<readonly FileStatus[]> {
  try {
    return await env.fileSystem.list(folder)
  } catch (error) {
    // A sink that has written nothing yet has no folder.
    if (error instanceof EngineError && error.code === ErrorCode.FILE_NOT_FOUND) return []
    throw error
  }
}

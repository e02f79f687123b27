import type { FileSystem } from '../../env/file-system.ts'
import { checkpointIdOf, METADATA_NAME, withoutEndingSlash } from './checkpoint-paths.ts'

/**
 * The folder with the newest complete checkpoint, for "resume from the latest": `folder` itself if
 * it holds checkpoints, else that of its job folders whose metadata was written last. Give it to
 * `FileCheckpointStorage` as root. Undefined if there is no complete checkpoint.
 */
export async function findCheckpointFolder(
  fileSystem: FileSystem,
  folder: string,
): Promise<string | undefined> {
  const root = withoutEndingSlash(folder)
  if ((await newestMetadataMs(fileSystem, root)) !== undefined) return root
  let newest: { readonly path: string; readonly modifiedMs: number } | undefined
  for (const child of await childFolders(fileSystem, root)) {
    const path = `${root}/${child}`
    const modifiedMs = await newestMetadataMs(fileSystem, path)
    if (modifiedMs !== undefined && (newest === undefined || modifiedMs > newest.modifiedMs)) {
      newest = { path, modifiedMs }
    }
  }
  return newest?.path
}

async function newestMetadataMs(
  fileSystem: FileSystem,
  folder: string,
): Promise<number | undefined> {
  let newestMs: number | undefined
  for (const name of await childFolders(fileSystem, folder)) {
    if (checkpointIdOf(name) === undefined) continue
    const status = await fileSystem.stat(`${folder}/${name}/${METADATA_NAME}`)
    if (status === undefined) continue
    newestMs = Math.max(newestMs ?? status.modifiedMs, status.modifiedMs)
  }
  return newestMs
}

async function childFolders(fileSystem: FileSystem, folder: string): Promise<string[]> {
  if ((await fileSystem.stat(folder)) === undefined) return []
  const children = await fileSystem.list(folder)
  return children.filter(({ kind }) => kind === 'directory').map(({ name }) => name)
}

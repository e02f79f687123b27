import type { FileSystem } from '../../env/file-system.ts'

/** Makes a folder with its missing parents, so that it is still there after a crash. */
export async function makeDurableFolder(fileSystem: FileSystem, path: string): Promise<void> {
  const missing: string[] = []
  let folder = path
  while (folder !== '' && (await fileSystem.stat(folder)) === undefined) {
    missing.push(folder)
    folder = parentOf(folder)
  }
  if (missing.length > 0) await fileSystem.makeDirectory(path)
  // The name of a folder stands in its parent. One that exists may have been made a moment ago by
  // another subtask that has not synced it yet, hence at least one sync.
  for (const each of missing.length > 0 ? missing : [path]) {
    await fileSystem.syncDirectory(parentOf(each) || (each.startsWith('/') ? '/' : '.'))
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

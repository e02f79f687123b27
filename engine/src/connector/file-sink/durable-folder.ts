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
  // The name of a folder stands in its parent. One that exists may have been made by a subtask
  // that has not synced it yet, or by a process that died before it did, hence all syncs each time.
  for (let each = path; each !== ''; each = parentOf(each)) {
    const synced = fileSystem.syncDirectory(parentOf(each) || (each.startsWith('/') ? '/' : '.'))
    // A folder far above may not be ours to open; it was there before us.
    await (each === path || missing.includes(each) ? synced : synced.catch(() => {}))
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

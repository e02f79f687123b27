import type { FileSystem } from '../../env/file-system.ts'
import { parentOf } from './checkpoint-paths.ts'

/** Makes a folder and its missing parents, and their names durable. */
export async function makeDurableDirectory(fileSystem: FileSystem, path: string): Promise<void> {
  const missing: string[] = []
  for (let at = path; (await fileSystem.stat(at)) === undefined; at = parentOf(at)) {
    missing.push(at)
    if (parentOf(at) === at) break
  }
  await fileSystem.makeDirectory(path)
  for (const each of missing.reverse()) await fileSystem.syncDirectory(parentOf(each))
}

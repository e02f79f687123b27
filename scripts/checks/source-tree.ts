import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Folders that hold nothing of the repository's own. */
const FOREIGN_FOLDERS = new Set([
  'node_modules',
  'dist',
  'build',
  'coverage',
  '.git',
  '.millrace',
  '.docusaurus',
])

/**
 * Lists the files under a folder, relative to `root` and with `/`, in a fixed order.
 *
 * @param root the repository
 * @param folder the folder to list, relative to `root`; a missing folder has no files
 * @param accept which files to keep
 */
export function listFiles(
  root: string,
  folder: string,
  accept: (file: string) => boolean,
): readonly string[] {
  const files: string[] = []
  if (existsSync(join(root, folder))) collect(root, folder, accept, files)
  return files.sort()
}

function collect(
  root: string,
  folder: string,
  accept: (file: string) => boolean,
  into: string[],
): void {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === '' || folder === '.' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (!FOREIGN_FOLDERS.has(entry.name)) collect(root, path, accept, into)
    } else if (accept(path)) {
      into.push(path)
    }
  }
}

/** Whether a file is a test, a benchmark or a fuzz target: code that nothing imports. */
export function isTestFile(file: string): boolean {
  return /\.(test|test-d|bench|fuzz)\.ts$/.test(file)
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MultisetDigest } from './multiset-digest.ts'
import { RowHash } from './row-hash.ts'

const LINE_END = '\n'.charCodeAt(0)

/** A digest of all lines in the visible files of a folder, each with the folder it is in. */
export function folderDigest(root: string): MultisetDigest {
  const digest = new MultisetDigest()
  const hash = new RowHash()
  for (const { folder, bytes } of visibleFiles(root)) {
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(LINE_END, start)
      const line = bytes.toString('latin1', start, end)
      digest.add(hash.begin().text(folder).text(line).word)
      start = end + 1
    }
  }
  return digest
}

/** The lines in the visible files of a folder, each behind the folder it is in and a blank. */
export function linesOfFolder(root: string): readonly string[] {
  return [...visibleFiles(root)].flatMap(({ folder, bytes }) =>
    bytes
      .toString('latin1')
      .split('\n')
      .slice(0, -1)
      .map((line) => `${folder} ${line}`),
  )
}

/** Files whose names begin with a dot are not done yet. */
function* visibleFiles(
  root: string,
): Generator<{ readonly folder: string; readonly bytes: Buffer }> {
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.startsWith('.')) continue
    const folder = entry.parentPath.slice(root.length + 1)
    yield { folder, bytes: readFileSync(join(entry.parentPath, entry.name)) }
  }
}

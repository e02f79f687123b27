import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import type { OutputLines } from './reference.ts'

/** What lies in the output folders. */
export interface CommittedOutput {
  readonly lines: OutputLines
  /** Files that are not committed output: nothing but finished files may be left. */
  readonly leftovers: readonly string[]
  readonly fileCount: number
}

/** Names of finished files; whatever is in progress or pending has a name with a dot in front. */
const FINISHED = /^part-\d+-\d+-[0-9a-f]{8}$/

/** Reads the output below `folder`. */
export function committedOutput(folder: string): CommittedOutput {
  const leftovers: string[] = []
  let fileCount = 0
  const linesOf = (table: string): string[] => {
    const root = join(folder, table)
    if (!existsSync(root)) return []
    const lines: string[] = []
    for (const entry of readdirSync(root, { withFileTypes: true, recursive: true })) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile()) continue
      if (!FINISHED.test(entry.name)) {
        leftovers.push(relative(folder, path))
        continue
      }
      fileCount++
      const text = readFileSync(path, 'utf8')
      for (const line of text.split('\n')) if (line !== '') lines.push(line)
      if (!text.endsWith('\n')) leftovers.push(`${relative(folder, path)} (ends within a line)`)
    }
    return lines
  }
  const lines = { hourly: linesOf('hourly'), daily: linesOf('daily'), late: linesOf('late') }
  return { lines, leftovers, fileCount }
}

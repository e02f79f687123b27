import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A repository in a temporary folder, for tests of the checkers. */
export interface PlantedRepository {
  readonly root: string
  remove(): void
}

/** Writes the given files, by path relative to the repository. */
export function plantRepository(files: Readonly<Record<string, string>>): PlantedRepository {
  const root = mkdtempSync(join(tmpdir(), 'millrace-check-'))
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) }
}

import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { UsageError } from './run-options.ts'

/**
 * Makes the folder that a run works in.
 *
 * @throws UsageError if `wanted` has something in it, which the run would mix up or remove
 */
export function makeWorkFolder(wanted: string | undefined): string {
  if (wanted === undefined) return mkdtempSync(join(tmpdir(), 'millrace-flight-delays-'))
  const folder = resolve(wanted)
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`${folder} is not empty: name a folder that is empty or does not exist`)
  }
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Removes the folder with all that is in it. */
export function removeWorkFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
}

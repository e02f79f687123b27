import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'

/**
 * Runs a tool of the machine, whose complaints are shown.
 *
 * @throws Error if it is not there, or fails
 */
export function runTool(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error(`there is no ${command} on the path`)
  }
}

/** What a tool says of its version; `undefined` if it is not there. */
export function toolVersion(command: string): string | undefined {
  try {
    return execFileSync(command, ['--version'], { encoding: 'utf8' }).trim()
  } catch {
    return undefined
  }
}

/** @throws Error if a download is not the file that is expected */
export function checkSha256(path: string, expected: string): void {
  const actual = createHash('sha256').update(readFileSync(path)).digest('hex')
  if (actual !== expected) {
    throw new Error(`${basename(path)} has the SHA-256 ${actual}, not ${expected}`)
  }
}

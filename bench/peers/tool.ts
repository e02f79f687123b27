import { execFileSync } from 'node:child_process'

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

import { spawn } from 'node:child_process'
import { delimiter, dirname, join } from 'node:path'

/** The repository. */
export const REPOSITORY: string = dirname(dirname(import.meta.dirname))

/** A command in a folder of the repository. */
export interface Command {
  readonly folder: string
  readonly program: string
  readonly args: readonly string[]
}

/** How a command ended. */
export interface CommandEnd {
  readonly ok: boolean
  readonly output: string
  readonly tookMs: number
}

/**
 * Runs a command of the workspace on the Node that runs this script.
 *
 * @param show `true` passes the output through while it comes; otherwise it is collected
 */
export function runCommand(command: Command, show: boolean): Promise<CommandEnd> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const child = spawn(command.program, command.args, {
      cwd: join(REPOSITORY, command.folder),
      env: commandEnvironment(command.folder),
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    const end = (ok: boolean): void =>
      resolve({ ok, output, tookMs: performance.now() - startedAt })
    child.stdout?.on('data', (data) => {
      output += data
    })
    child.stderr?.on('data', (data) => {
      output += data
    })
    child.on('error', (error) => {
      output += `${command.program}: ${error.message}\n`
      end(false)
    })
    child.on('close', (code) => end(code === 0))
  })
}

/** The environment in which `node` and the tools of a package come first. */
function commandEnvironment(folder: string): NodeJS.ProcessEnv {
  const tools = [folder, '.'].map((path) => join(REPOSITORY, path, 'node_modules', '.bin'))
  const path = [dirname(process.execPath), ...tools, process.env.PATH ?? ''].join(delimiter)
  return { ...process.env, PATH: path }
}

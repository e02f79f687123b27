/// <reference types="node" />
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const REPOSITORY = join(import.meta.dirname, '../../..')

/** What `npm start` runs. */
const MAIN = join(REPOSITORY, 'scripts/flight-delays/main.ts')

/** How a supervisor ended. */
export interface SupervisorEnd {
  readonly code: number | null
  readonly output: string
  readonly lastLine: string | undefined
  /** What was left in its temporary folder. */
  readonly leftovers: readonly string[]
}

/** The process that `npm start` runs, with a temporary folder of its own. */
export class Supervisor {
  readonly process: ChildProcess
  readonly temporaryFolder: string
  readonly ended: Promise<SupervisorEnd>
  output = ''

  private constructor(temporaryFolder: string, args: readonly string[]) {
    this.temporaryFolder = temporaryFolder
    this.process = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, TMPDIR: temporaryFolder, TEMP: temporaryFolder },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const append = (data: Buffer): void => {
      this.output += data.toString()
    }
    this.process.stdout?.on('data', append)
    this.process.stderr?.on('data', append)
    this.ended = new Promise((resolve, reject) => {
      this.process.on('error', reject)
      this.process.on('close', (code) => resolve(this.#end(code)))
    })
  }

  static async start(args: readonly string[]): Promise<Supervisor> {
    return new Supervisor(await mkdtemp(join(tmpdir(), 'millrace-supervisor-')), args)
  }

  /** Resolves when the output holds this text. */
  async wrote(text: string): Promise<void> {
    while (!this.output.includes(text)) {
      const { stdout } = this.process
      if (stdout === null || stdout.readableEnded) throw new Error(`ended without '${text}'`)
      await new Promise((resolve) => stdout.once('data', resolve).once('end', resolve))
    }
  }

  async #end(code: number | null): Promise<SupervisorEnd> {
    const leftovers = await readdir(this.temporaryFolder)
    // After a SIGKILL the job may still write for a moment.
    await rm(this.temporaryFolder, { recursive: true, force: true, maxRetries: 10 })
    const lastLine = this.output.trimEnd().split('\n').at(-1)
    return { code, output: this.output, lastLine, leftovers }
  }
}

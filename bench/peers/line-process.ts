import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface, type Interface } from 'node:readline'

/** How much of what a process has complained of is told when it ends. */
const ERROR_TAIL = 2_000

/**
 * A peer in a process of its own that answers each line with a line. It runs one job after another,
 * so that it gets warm.
 */
export class LineProcess {
  readonly #name: string
  readonly #process: ChildProcess
  readonly #lines: Interface
  /** Rejects when the process ends. */
  readonly #end: Promise<never>
  #asked = 'the start'
  #errors = ''

  constructor(name: string, command: string, args: readonly string[]) {
    this.#name = name
    this.#process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.stdin?.on('error', () => {}) // the process has ended, which is told below
    this.#process.stderr?.on('data', (text) => {
      this.#errors = (this.#errors + String(text)).slice(-ERROR_TAIL)
    })
    this.#end = once(this.#process, 'close').then(() => {
      throw new Error(`${this.#name} has ended at ${this.#asked}: ${this.#errors}`)
    })
    this.#end.catch(() => {}) // it may end when nobody waits for it
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })
  }

  /**
   * Asks for one job at a time.
   *
   * @returns the answer
   * @throws Error if the process ends before it answers
   */
  async ask(line: string): Promise<string> {
    this.#asked = `'${line}'`
    const answer = once(this.#lines, 'line')
    this.#process.stdin?.write(`${line}\n`)
    const [text] = (await Promise.race([answer, this.#end])) as [string]
    return text
  }

  /** Lets the process end. It does so by itself when this one ends. */
  close(): void {
    this.#process.stdin?.end()
  }
}

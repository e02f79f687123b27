import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { classFolder, libraryFolder } from './flink-files.ts'

const LOG_SETTINGS = fileURLToPath(new URL('./log4j2.properties', import.meta.url))

/** How the JVM is run. Recorded with each result. */
export const JVM_SETTINGS = { heap: '8g', collector: 'ParallelGC' } as const

/** Packages that Flink reaches into, as its own start scripts have it. */
const OPENED = ['java.lang', 'java.util', 'java.time', 'java.nio', 'java.net'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
)

/** One JVM in which queries run one after another, so that it gets warm. */
export class FlinkJvm {
  readonly #process: ChildProcess
  readonly #lines: Interface
  /** Rejects when the JVM ends. */
  readonly #end: Promise<never>
  #query = 'no query'
  #errors = ''

  constructor() {
    const classpath = [classFolder(), join(libraryFolder(), '*')].join(':')
    const args = [
      `-Xmx${JVM_SETTINGS.heap}`,
      `-XX:+Use${JVM_SETTINGS.collector}`,
      ...OPENED,
      `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
      ...['-cp', classpath, 'millrace.nexmark.Peer'],
    ]
    this.#process = spawn('java', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.stderr?.on('data', (text) => {
      this.#errors = (this.#errors + String(text)).slice(-2_000)
    })
    this.#end = once(this.#process, 'exit').then(() => {
      throw new Error(`Flink has ended at ${this.#query}: ${this.#errors}`)
    })
    this.#end.catch(() => {}) // it may end when nobody waits for it
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream })
  }

  /** Runs a query over the first events. @returns the digest of its result */
  async run(query: string, events: number): Promise<string> {
    this.#query = query
    const answer = once(this.#lines, 'line')
    this.#process.stdin?.write(`${query} ${events}\n`)
    const [line] = (await Promise.race([answer, this.#end])) as [string]
    return line
  }

  /** Lets the JVM end. It does so by itself when this process ends. */
  close(): void {
    this.#process.stdin?.end()
  }
}

/** The version of the JDK. @throws Error if there is none */
export function jdkVersion(): string {
  return execFileSync('javac', ['-version'], { encoding: 'utf8' }).trim().replace('javac ', '')
}

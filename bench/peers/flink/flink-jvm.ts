import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LineProcess } from '../line-process.ts'
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
  readonly #process = new LineProcess('Flink', 'java', [
    `-Xmx${JVM_SETTINGS.heap}`,
    `-XX:+Use${JVM_SETTINGS.collector}`,
    ...OPENED,
    `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
    ...['-cp', [classFolder(), join(libraryFolder(), '*')].join(':'), 'millrace.nexmark.Peer'],
  ])

  /** Runs a query over the first events. @returns the digest of its result */
  run(query: string, events: number): Promise<string> {
    return this.#process.ask(`${query} ${events}`)
  }

  /** Lets the JVM end. It does so by itself when this process ends. */
  close(): void {
    this.#process.close()
  }
}

/** The version of the JDK. @throws Error if there is none */
export function jdkVersion(): string {
  return execFileSync('javac', ['-version'], { encoding: 'utf8' }).trim().replace('javac ', '')
}

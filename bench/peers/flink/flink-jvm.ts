import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { classFolder, JVM_ARGUMENTS } from '../jvm/java-program.ts'
import { LineProcess } from '../line-process.ts'
import { flinkJava, libraryFolder } from './flink-files.ts'

const LOG_SETTINGS = fileURLToPath(new URL('./log4j2.properties', import.meta.url))

/** Packages that Flink reaches into, as its own start scripts have it. */
const OPENED = ['java.lang', 'java.util', 'java.time', 'java.nio', 'java.net'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
)

/** One JVM in which queries run one after another, so that it gets warm. */
export class FlinkJvm {
  readonly #process = new LineProcess('Flink', 'java', [
    ...JVM_ARGUMENTS,
    ...OPENED,
    `-Dlog4j2.configurationFile=${LOG_SETTINGS}`,
    ...[
      '-cp',
      [classFolder(flinkJava()), join(libraryFolder(), '*')].join(':'),
      'millrace.nexmark.Peer',
    ],
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

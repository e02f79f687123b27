import { classFolder, JVM_ARGUMENTS } from '../jvm/java-program.ts'
import { LineProcess } from '../line-process.ts'
import { hazelcastJar, hazelcastJava } from './hazelcast-files.ts'

/** Packages that Hazelcast reaches into, as its documentation advises. */
const OPENED: readonly string[] = [
  '--add-modules=java.se',
  '--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED',
  '--add-opens=java.base/java.lang=ALL-UNNAMED',
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-opens=java.management/sun.management=ALL-UNNAMED',
  '--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED',
]

/** What a run of the job came to. */
export interface HazelcastRun {
  /** The digest of its output. */
  readonly output: string
  readonly snapshots: number
}

/** A JVM with one Hazelcast member in it, which talks to no other. */
export class HazelcastJvm {
  readonly #process = new LineProcess('Hazelcast', 'java', [
    ...JVM_ARGUMENTS,
    ...OPENED,
    ...[
      '-cp',
      [classFolder(hazelcastJava()), hazelcastJar()].join(':'),
      'millrace.keyedwindow.Peer',
    ],
  ])

  /** Runs the job over the first records. */
  async run(records: number): Promise<HazelcastRun> {
    const [output = '', snapshots] = (await this.#process.ask(String(records))).split(' ')
    return { output, snapshots: Number(snapshots) }
  }

  close(): void {
    this.#process.close()
  }
}

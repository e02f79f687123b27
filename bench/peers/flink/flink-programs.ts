import type { Program } from '../../runner/program.ts'
import { compileJava, JVM_SETTINGS, jdkVersion } from '../jvm/java-program.ts'
import { FLINK, flinkJava } from './flink-files.ts'
import { FlinkJvm } from './flink-jvm.ts'

/** How long a JVM is warmed up at least. */
const WARM_UP_MS = 60_000

/** Prefix of the cases of Flink. */
export const FLINK_CASE = 'flink-'

/** Queries that are not written for Flink: its SQL cannot run q6 (FLINK-19059). */
export const WITHOUT_PROGRAM: ReadonlySet<string> = new Set(['q6'])

/** The same queries over the same events on Flink, each beside one of ours. */
export function flinkPrograms(ours: readonly Program[]): readonly Program[] {
  const jdk = jdkVersion()
  return ours
    .filter(({ engine, name }) => engine === 'millrace' && !WITHOUT_PROGRAM.has(name))
    .map(({ name, full, quick, notes }) => ({
      name: `${FLINK_CASE}${name}`,
      group: name,
      engine: 'flink',
      engineVersion: FLINK.version,
      full: { ...full, warmUpRecords: full.records },
      quick,
      isKept: true,
      warmUpMs: WARM_UP_MS,
      settings: {
        parallelism: 2,
        stateBackend: 'hashmap',
        checkpointStorage: 'memory',
        guarantee: 'exactly-once',
        checkpointIntervalMs: 1_000,
        objectReuse: true,
        api: 'DataStream',
        ...JVM_SETTINGS,
        jdk,
      },
      ...(notes && { notes }),
      run: async (events) => {
        const output = await runInJvm(name, events)
        return { output: name === 'q12' ? null : output }
      },
    }))
}

let jvm: FlinkJvm | undefined

/** Runs a query in the JVM of this process: one sample warms it up and measures it. */
function runInJvm(query: string, events: number): Promise<string> {
  if (jvm === undefined) {
    compileJava(flinkJava())
    jvm = new FlinkJvm()
  }
  return jvm.run(query, events)
}

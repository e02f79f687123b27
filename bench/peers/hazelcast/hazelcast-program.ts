import type { Program, ProgramOutcome } from '../../runner/program.ts'
import { compileJava, JVM_SETTINGS, jdkVersion } from '../jvm/java-program.ts'
import { HAZELCAST, hazelcastJava } from './hazelcast-files.ts'
import { HazelcastJvm } from './hazelcast-jvm.ts'

/** How long a JVM is warmed up at least. */
const WARM_UP_MS = 60_000

/** The job of the suite `keyed-window` on Hazelcast Jet. */
export function hazelcastProgram({
  group,
  full,
  quick,
}: Pick<Program, 'group' | 'full' | 'quick'>): Program {
  return {
    name: 'hazelcast-2',
    ...(group && { group }),
    engine: 'hazelcast',
    engineVersion: HAZELCAST.version,
    full,
    quick,
    isKept: true,
    warmUpMs: WARM_UP_MS,
    settings: {
      parallelism: 2,
      guarantee: 'exactly-once',
      checkpointStorage: 'memory',
      checkpointIntervalMs: 1_000,
      ...JVM_SETTINGS,
      jdk: jdkVersion(),
    },
    notes: ['Jet adds up the values of a key ahead of the exchange, as it does by default'],
    run: runInJvm,
  }
}

let jvm: HazelcastJvm | undefined

/** Runs the job in the JVM of this process: one sample warms it up and measures it. */
async function runInJvm(records: number): Promise<ProgramOutcome> {
  if (jvm === undefined) {
    compileJava(hazelcastJava())
    jvm = new HazelcastJvm()
  }
  const { output, snapshots } = await jvm.run(records)
  return { output, facts: { checkpoints: snapshots } }
}

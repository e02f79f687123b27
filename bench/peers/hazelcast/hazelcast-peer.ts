import { rmSync } from 'node:fs'
import { compileJava, jdkVersion } from '../jvm/java-program.ts'
import { type Peer, peerFolder } from '../peer.ts'
import { proveSums } from '../prove-sums.ts'
import { toolVersion } from '../tool.ts'
import { HAZELCAST, hazelcastJava, isInstalled } from './hazelcast-files.ts'
import { HazelcastJvm } from './hazelcast-jvm.ts'
import { installHazelcast } from './install-hazelcast.ts'

/** Hazelcast Jet, embedded in a JVM of its own. */
export const hazelcast: Peer = {
  name: 'hazelcast',
  about: `Hazelcast Jet ${HAZELCAST.version} (${HAZELCAST.registry}: ${HAZELCAST.package}), needs a JDK 17 and mvn`,
  missing,
  install,
  remove: () => rmSync(peerFolder('hazelcast'), { recursive: true, force: true }),
}

function missing(): string | undefined {
  if (!isInstalled()) return 'not installed; `pnpm bench peers install hazelcast` does that'
  if (toolVersion('javac') === undefined) return 'there is no JDK: javac is not on the path'
  return undefined
}

async function install(progress: (line: string) => void): Promise<void> {
  progress(`JDK ${jdkVersion()}`)
  installHazelcast(progress)
  progress('compiling')
  compileJava(hazelcastJava())
  const jvm = new HazelcastJvm()
  try {
    await proveSums(async (records) => (await jvm.run(records)).output, progress)
  } finally {
    jvm.close()
  }
}

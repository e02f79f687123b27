import { rmSync } from 'node:fs'
import { q12 } from '../../nexmark/queries/q12.ts'
import { QUERIES } from '../../nexmark/queries/queries.ts'
import { runQuery } from '../../nexmark/run-query.ts'
import { compileJava, jdkVersion } from '../jvm/java-program.ts'
import { type Peer, peerFolder } from '../peer.ts'
import { toolVersion } from '../tool.ts'
import { FLINK, flinkJava, isInstalled } from './flink-files.ts'
import { FlinkJvm } from './flink-jvm.ts'
import { WITHOUT_PROGRAM } from './flink-programs.ts'
import { installFlink } from './install-flink.ts'

/** Events of the queries that prove the installation. */
const SMOKE_EVENTS = 20_000

/** Apache Flink in a JVM of its own. */
export const flink: Peer = {
  name: 'flink',
  about: `Apache Flink ${FLINK.version} (${FLINK.registry}: ${FLINK.package}), needs a JDK 17`,
  missing,
  install,
  remove: () => rmSync(peerFolder('flink'), { recursive: true, force: true }),
}

function missing(): string | undefined {
  if (!isInstalled()) return 'not installed; `pnpm bench peers install flink` does that'
  if (toolVersion('javac') === undefined) return 'there is no JDK: javac is not on the path'
  return undefined
}

async function install(progress: (line: string) => void): Promise<void> {
  progress(`JDK ${jdkVersion()}`)
  installFlink(progress)
  progress('compiling')
  compileJava(flinkJava())
  const jvm = new FlinkJvm()
  try {
    for (const query of QUERIES.filter((one) => one !== q12 && !WITHOUT_PROGRAM.has(one.name))) {
      const { output } = await runQuery(query, SMOKE_EVENTS)
      const answer = await jvm.run(query.name, SMOKE_EVENTS)
      if (answer !== output) {
        throw new Error(`Flink gives ${answer} for ${query.name}, not ${output}`)
      }
      progress(`${query.name} over ${SMOKE_EVENTS} events: equal to ours, ${answer}`)
    }
  } finally {
    jvm.close()
  }
}

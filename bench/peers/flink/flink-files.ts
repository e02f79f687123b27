import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JavaProgram } from '../jvm/java-program.ts'
import { peerFolder } from '../peer.ts'
import versions from '../versions.json' with { type: 'json' }

/** Which Flink it is. */
export const FLINK: (typeof versions)['flink'] = versions.flink

const SOURCES = fileURLToPath(new URL('./src/', import.meta.url))

/** The folder of this version. */
export function flinkFolder(): string {
  return join(peerFolder('flink'), FLINK.version)
}

/** The folder of Flink's own jars. */
export function libraryFolder(): string {
  return join(flinkFolder(), 'pyflink', 'lib')
}

export function isInstalled(): boolean {
  return existsSync(libraryFolder())
}

/** Our programs for Flink. */
export function flinkJava(): JavaProgram {
  return { sources: SOURCES, classpath: join(libraryFolder(), '*'), folder: flinkFolder() }
}

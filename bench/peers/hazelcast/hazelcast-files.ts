import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JavaProgram } from '../jvm/java-program.ts'
import { peerFolder } from '../peer.ts'
import versions from '../versions.json' with { type: 'json' }

/** Which Hazelcast it is. */
export const HAZELCAST: (typeof versions)['hazelcast'] = versions.hazelcast

const SOURCES = fileURLToPath(new URL('./src/', import.meta.url))

/** The folder of this version. */
export function hazelcastFolder(): string {
  return join(peerFolder('hazelcast'), HAZELCAST.version)
}

export function hazelcastJar(): string {
  return join(hazelcastFolder(), HAZELCAST.file)
}

export function isInstalled(): boolean {
  return existsSync(hazelcastJar())
}

/** Our program for Hazelcast. */
export function hazelcastJava(): JavaProgram {
  return { sources: SOURCES, classpath: hazelcastJar(), folder: hazelcastFolder() }
}

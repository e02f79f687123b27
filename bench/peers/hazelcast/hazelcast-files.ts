import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { peerFolder } from '../peer.ts'
import { sourceHash } from '../source-hash.ts'
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

/** The sources of our program for Hazelcast. */
export function javaSources(): readonly string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.java'))
    .map((file) => join(SOURCES, file))
    .sort()
}

/** Where our program is compiled to: a folder for each state of the sources. */
export function classFolder(): string {
  return join(hazelcastFolder(), `classes-${sourceHash(javaSources())}`)
}

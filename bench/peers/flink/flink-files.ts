import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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

/** The sources of our programs for Flink. */
export function javaSources(): readonly string[] {
  return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.java'))
    .map((file) => join(SOURCES, file))
    .sort()
}

/** Where our programs are compiled to: a folder for each state of the sources. */
export function classFolder(): string {
  const hash = createHash('sha256')
  for (const file of javaSources()) hash.update(readFileSync(file))
  return join(flinkFolder(), `classes-${hash.digest('hex').slice(0, 12)}`)
}

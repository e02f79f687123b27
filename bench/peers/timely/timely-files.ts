import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { peerFolder } from '../peer.ts'
import { sourceHash } from '../source-hash.ts'
import versions from '../versions.json' with { type: 'json' }

/** Which timely dataflow it is. */
export const TIMELY: (typeof versions)['timely'] = versions.timely

/** The crate of our program for timely. */
export const CRATE: string = fileURLToPath(new URL('./', import.meta.url))

/** The folder of this version. */
export function timelyFolder(): string {
  return join(peerFolder('timely'), TIMELY.version)
}

/** Our program: a file for each state of the sources. */
export function timelyBinary(): string {
  const sources = readdirSync(join(CRATE, 'src')).sort()
  const files = ['Cargo.toml', 'Cargo.lock', ...sources.map((file) => join('src', file))]
  return join(
    timelyFolder(),
    `millrace-timely-${sourceHash(files.map((file) => join(CRATE, file)))}`,
  )
}

export function isInstalled(): boolean {
  return existsSync(timelyBinary())
}

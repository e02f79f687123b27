import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../tool.ts'
import {
  classFolder,
  HAZELCAST,
  hazelcastFolder,
  hazelcastJar,
  isInstalled,
  javaSources,
} from './hazelcast-files.ts'

/**
 * Downloads Hazelcast's jar, which is all that it needs.
 *
 * @throws Error if the download is not the file that is expected
 */
export function installHazelcast(progress: (line: string) => void): void {
  if (isInstalled()) return
  const folder = hazelcastFolder()
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  const { package: name, version, file, sha256 } = HAZELCAST
  progress(`downloading ${name} ${version} from Maven Central (21 MB)`)
  const what = [`-Dartifact=${name}:${version}`, `-DoutputDirectory=${partial}`]
  runTool('mvn', ['--quiet', '--batch-mode', '-Dstyle.color=never', 'dependency:copy', ...what])
  const actual = createHash('sha256')
    .update(readFileSync(join(partial, file)))
    .digest('hex')
  if (actual !== sha256) throw new Error(`${file} has the SHA-256 ${actual}, not ${sha256}`)
  renameSync(partial, folder)
}

/** Compiles our program for Hazelcast unless that was done before. */
export function compileProgram(): void {
  const classes = classFolder()
  if (existsSync(classes)) return
  const partial = `${classes}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  runTool('javac', ['-nowarn', '-cp', hazelcastJar(), '-d', partial, ...javaSources()])
  renameSync(partial, classes)
}

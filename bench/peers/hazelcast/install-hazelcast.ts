import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkSha256, runTool } from '../tool.ts'
import { HAZELCAST, hazelcastFolder, isInstalled } from './hazelcast-files.ts'

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
  checkSha256(join(partial, file), sha256)
  renameSync(partial, folder)
}

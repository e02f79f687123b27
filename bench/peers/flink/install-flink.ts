import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { checkSha256, runTool } from '../tool.ts'
import { FLINK, flinkFolder, isInstalled } from './flink-files.ts'

/**
 * Downloads Flink's jars and unpacks them.
 *
 * @throws Error if the download is not the file that is expected
 */
export function installFlink(progress: (line: string) => void): void {
  if (isInstalled()) return
  const folder = flinkFolder()
  const partial = `${folder}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  const { package: name, version, file, sha256 } = FLINK
  progress(`downloading ${name} ${version} from PyPI (330 MB)`)
  const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:']
  runTool('python3', [...download, '--dest', partial, `${name}==${version}`])
  const wheel = join(partial, file)
  checkSha256(wheel, sha256)
  progress('unpacking')
  runTool('python3', ['-m', 'zipfile', '-e', wheel, partial])
  rmSync(wheel)
  renameSync(partial, folder)
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runTool } from '../tool.ts'
import {
  classFolder,
  FLINK,
  flinkFolder,
  isInstalled,
  javaSources,
  libraryFolder,
} from './flink-files.ts'

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
  const actual = createHash('sha256').update(readFileSync(wheel)).digest('hex')
  if (actual !== sha256) throw new Error(`${file} has the SHA-256 ${actual}, not ${sha256}`)
  progress('unpacking')
  runTool('python3', ['-m', 'zipfile', '-e', wheel, partial])
  rmSync(wheel)
  renameSync(partial, folder)
}

/** Compiles our programs for Flink unless that was done before. */
export function compilePrograms(): void {
  const classes = classFolder()
  if (existsSync(classes)) return
  const partial = `${classes}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  runTool('javac', ['-cp', join(libraryFolder(), '*'), '-d', partial, ...javaSources()])
  renameSync(partial, classes)
}

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sourceHash } from '../source-hash.ts'
import { runTool } from '../tool.ts'

/** How JVMs are run. Recorded with each result. */
export const JVM_SETTINGS = { heap: '8g', collector: 'ParallelGC' } as const

/** {@link JVM_SETTINGS} as arguments of `java`. */
export const JVM_ARGUMENTS: readonly string[] = [
  `-Xmx${JVM_SETTINGS.heap}`,
  `-XX:+Use${JVM_SETTINGS.collector}`,
]

/** The digest, which the programs of all peers compute. */
const SHARED_SOURCES = fileURLToPath(new URL('./src/', import.meta.url))

/** One of our programs in Java. */
export interface JavaProgram {
  /** The folder of its own sources. */
  readonly sources: string
  /** What it is compiled against. */
  readonly classpath: string
  /** Where its classes go: a folder in this one for each state of the sources. */
  readonly folder: string
}

/** Where a program is compiled to. */
export function classFolder(program: JavaProgram): string {
  return join(program.folder, `classes-${sourceHash(sourcesOf(program))}`)
}

/** Compiles a program unless that was done before. @throws Error if it does not compile */
export function compileJava(program: JavaProgram): void {
  const classes = classFolder(program)
  if (existsSync(classes)) return
  const partial = `${classes}.partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  runTool('javac', ['-nowarn', '-cp', program.classpath, '-d', partial, ...sourcesOf(program)])
  renameSync(partial, classes)
}

/** The version of the JDK. @throws Error if there is none */
export function jdkVersion(): string {
  return execFileSync('javac', ['-version'], { encoding: 'utf8' }).trim().replace('javac ', '')
}

function sourcesOf({ sources }: JavaProgram): readonly string[] {
  return [SHARED_SOURCES, sources].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.java'))
      .map((file) => join(folder, file))
      .sort(),
  )
}

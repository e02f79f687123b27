import { existsSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { listFiles } from './source-tree.ts'

/** The parts of a package.json that name files. */
interface PackageManifest {
  readonly name?: string
  readonly exports?: unknown
  readonly bin?: string | Readonly<Record<string, string>>
}

/**
 * The files behind each name that a package exports, one for each condition, and the file behind
 * each of its commands.
 *
 * @param folder the package's folder, relative to `root`
 * @returns paths relative to `root`, by import specifier; commands are listed as `bin:<name>`
 */
export function packageEntries(
  root: string,
  folder: string,
): ReadonlyMap<string, readonly string[]> {
  const path = join(root, folder, 'package.json')
  const entries = new Map<string, string[]>()
  const add = (name: string, file: string): void => {
    entries.set(name, [...(entries.get(name) ?? []), file])
  }
  if (!existsSync(path)) return entries
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as PackageManifest
  const name = manifest.name ?? folder
  const exported = manifest.exports ?? {}
  const subpaths = typeof exported === 'object' && exported !== null ? exported : { '.': exported }
  for (const [subpath, target] of Object.entries(subpaths)) {
    for (const file of targetFiles(target)) {
      for (const [specifier, source] of expandPattern(root, folder, subpath, file)) {
        add(posix.join(name, specifier), source)
      }
    }
  }
  const bin = typeof manifest.bin === 'string' ? { [name]: manifest.bin } : (manifest.bin ?? {})
  for (const [command, file] of Object.entries(bin)) {
    add(`bin:${command}`, posix.join(folder, file))
  }
  return entries
}

function targetFiles(target: unknown): readonly string[] {
  if (typeof target === 'string') return target.endsWith('.ts') ? [target] : []
  if (typeof target !== 'object' || target === null) return []
  return Object.values(target).flatMap(targetFiles)
}

/** Expands `./connector/*` into one entry for each file that fits. */
function expandPattern(
  root: string,
  folder: string,
  subpath: string,
  file: string,
): readonly (readonly [string, string])[] {
  const source = posix.join(folder, file)
  const star = source.indexOf('*')
  if (star === -1) return [[subpath, source]]
  const before = source.slice(0, star)
  const after = source.slice(star + 1)
  const fits = (path: string): boolean =>
    path.startsWith(before) && path.endsWith(after) && path.length > before.length + after.length
  return listFiles(root, posix.dirname(before.endsWith('/') ? `${before}x` : before), fits).map(
    (path) => [subpath.replace('*', path.slice(before.length, path.length - after.length)), path],
  )
}

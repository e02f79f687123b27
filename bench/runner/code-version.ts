import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What was measured. */
export interface CodeVersion {
  readonly engineVersion: string
  /** The full hash; `null` outside of a git working tree. */
  readonly commit: string | null
  /** True if the working tree differs from the commit, result files aside. */
  readonly dirty: boolean
}

const REPOSITORY = new URL('../../', import.meta.url)

/** The version of the engine and the commit of this working tree. */
export function codeVersion(): CodeVersion {
  const manifest = readFileSync(new URL('engine/package.json', REPOSITORY), 'utf8')
  const { version } = JSON.parse(manifest) as { version: string }
  try {
    const commit = git('rev-parse', 'HEAD')
    const changes = git('status', '--porcelain', '--', '.', ':!bench/results')
    return { engineVersion: version, commit, dirty: changes !== '' }
  } catch {
    return { engineVersion: version, commit: null, dirty: false }
  }
}

function git(...args: readonly string[]): string {
  const output = execFileSync('git', args, {
    cwd: REPOSITORY,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return output.trim()
}

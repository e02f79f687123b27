import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url))

/** A commit, checked out and installed outside of the repository. */
export interface CommitWorktree {
  /** Its `bench/main.ts`. */
  readonly main: string
  /** Deletes it. */
  remove(): void
}

/** Checks a commit out into a temporary folder and installs what it needs. */
export function checkOutCommit(commit: string): CommitWorktree {
  const folder = join(mkdtempSync(join(tmpdir(), 'millrace-bench-')), 'repository')
  run('git', ['worktree', 'add', '--detach', '--quiet', folder, commit], REPOSITORY)
  const remove = (): void => {
    run('git', ['worktree', 'remove', '--force', folder], REPOSITORY)
    rmSync(join(folder, '..'), { recursive: true, force: true })
  }
  try {
    // Any command of the bench installs what is missing first.
    run(process.execPath, ['scripts/bootstrap/run.mjs', 'bench/main.ts', 'list'], folder)
  } catch (error) {
    remove()
    throw error
  }
  return { main: join(folder, 'bench/main.ts'), remove }
}

function run(command: string, args: readonly string[], cwd: string): void {
  execFileSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] })
}

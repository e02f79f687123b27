// Builds the site with broken links as errors: `node scripts/build-site.ts`. It installs the site's
// dependencies first, because the bootstrap leaves them out: they are most of what the repository
// could install, and neither `npm start` nor `npm test` needs them.
// (site/package.json says no "type": Docusaurus generates CommonJS beside it.)

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const root = dirname(import.meta.dirname)
const site = join(root, 'site')

const steps: readonly (readonly [string, readonly string[]])[] = [
  ['pnpm', ['--filter=@millrace/site', 'install', '--frozen-lockfile', '--reporter=silent']],
  ['tsc', ['-p', 'site']],
  ['pnpm', ['--filter=@millrace/site', 'build']],
]

let passed = 0
for (const [command, args] of steps) {
  const shell = process.platform === 'win32'
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell })
  const ok = result.status === 0
  console.log(`${ok ? '✓' : '✗'} ${command} ${args.join(' ')}`)
  if (!ok) {
    console.log(`${result.stdout}${result.stderr}${result.error?.message ?? ''}`)
    break
  }
  passed++
}
const pages = ['index.html', 'docs/intro/index.html', 'learn/index.html']
const missing = pages.filter((page) => !existsSync(join(site, 'build', page)))
if (passed === steps.length && missing.length > 0) console.log(`not built: ${missing.join(', ')}`)
const failed = passed < steps.length || missing.length > 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed

// Builds the site with broken links as errors: `node scripts/build-site.ts`. It installs the site's
// dependencies first, because the bootstrap leaves them out: they are most of what the repository
// could install, and neither `npm start` nor `npm test` needs them.
// (site/package.json says no "type": Docusaurus generates CommonJS beside it.)

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { $ as shell } from 'zx'

const root = dirname(import.meta.dirname)
const $ = shell({ cwd: root, nothrow: true })

const steps = {
  'dependencies of the site': () =>
    $`pnpm --filter=@millrace/site install --frozen-lockfile --reporter=silent`,
  'types of the site': () => $`tsc -p site`,
  'build of the site': () => $`pnpm --filter=@millrace/site build`,
}

let passed = 0
for (const [name, run] of Object.entries(steps)) {
  const result = await run()
  console.log(`${result.ok ? '✓' : '✗'} ${name}`)
  if (!result.ok) {
    console.log(`${result.stdout}${result.stderr}`)
    break
  }
  passed++
}
const pages = ['index.html', 'docs/intro/index.html', 'learn/index.html']
const missing = pages.filter((page) => !existsSync(join(root, 'site', 'build', page)))
const built = passed === Object.keys(steps).length
if (built && missing.length > 0) console.log(`not built: ${missing.join(', ')}`)
const good = built && missing.length === 0
console.log(`${passed} passed, ${good ? 0 : 1} failed`)
process.exitCode = good ? 0 : 1

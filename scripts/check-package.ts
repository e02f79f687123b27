// Builds, packs and tries the engine as it would be published:
//   node scripts/check-package.ts [--write]
// `--write` first brings publishConfig.exports of engine/package.json up to date.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { publishedExports, readEngineManifest } from './checks/published-package.ts'

const root = dirname(import.meta.dirname)
const engine = join(root, 'engine')

/** Writes the derived exports into engine/package.json. */
function writePublishedExports(): void {
  const path = join(engine, 'package.json')
  const manifest = JSON.parse(readFileSync(path, 'utf8'))
  const exports = publishedExports(manifest.exports)
  manifest.publishConfig = { ...manifest.publishConfig, exports }
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
  run(root, 'biome', ['format', '--write', path])
}

/** Runs a command in a folder and returns its output; a failure is a fault of the package. */
function run(cwd: string, command: string, args: readonly string[]): string {
  const tools = join(engine, 'node_modules', '.bin')
  const env = { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH}` }
  const shell = process.platform === 'win32'
  const result = spawnSync(command, args, { cwd, env, encoding: 'utf8', shell })
  const output = `${result.stdout}${result.stderr}${result.error?.message ?? ''}`
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')}\n${output}`)
  return output
}

function checkPublishedExports(): void {
  const manifest = readEngineManifest(root)
  const expected = JSON.stringify(publishedExports(manifest.exports))
  if (JSON.stringify(manifest.publishConfig?.exports) === expected) return
  throw new Error(
    'engine/package.json: publishConfig.exports does not follow exports; ' +
      'run "node scripts/check-package.ts --write"',
  )
}

/** Builds and packs the engine. */
function pack(folder: string): string {
  run(engine, 'tsdown', [])
  const output = run(engine, 'pnpm', ['pack', '--json', '--pack-destination', folder])
  const { filename } = JSON.parse(output.slice(output.indexOf('{'))) as { filename: string }
  return filename
}

async function checkWithPublint(tarball: string): Promise<void> {
  const file = readFileSync(tarball)
  const data = new Uint8Array(file).buffer
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true })
  if (messages.length === 0) return
  throw new Error(messages.map((message) => formatMessage(message, pkg)).join('\n'))
}

/** The types resolve wherever an ES module may be imported from; CommonJS is not served. */
async function checkTypes(tarball: string): Promise<void> {
  const archive = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)))
  const result = await checkPackage(archive)
  if (result.types === false) throw new Error('the package has no types')
  const unserved = ['node10', 'node16-cjs']
  const problems = result.problems.filter(
    (problem) => !('resolutionKind' in problem) || !unserved.includes(problem.resolutionKind),
  )
  if (problems.length > 0) throw new Error(problems.map((each) => JSON.stringify(each)).join('\n'))
}

/** Unpacks the package beside its declared dependencies only, and imports each subpath on Node. */
function tryOnNode(tarball: string, folder: string): void {
  const manifest = readEngineManifest(root)
  const home = join(folder, 'node_modules', manifest.name)
  mkdirSync(home, { recursive: true })
  run(home, 'tar', ['-xzf', tarball, '--strip-components=1'])
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(engine, 'node_modules', name), link, 'junction')
  }
  const packed = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  for (const subpath of Object.keys(packed.exports).filter((path) => !path.includes('*'))) {
    const specifier = manifest.name + subpath.slice(1)
    const program = `import * as all from '${specifier}'
      if (Object.keys(all).length === 0) throw new Error('${specifier} exports nothing')`
    run(folder, process.execPath, ['--input-type=module', '--eval', program])
  }
}

async function checkEngine(): Promise<void> {
  checkPublishedExports()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'))
  try {
    const tarball = pack(folder)
    await checkWithPublint(tarball)
    await checkTypes(tarball)
    tryOnNode(tarball, folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (process.argv.includes('--write')) writePublishedExports()
try {
  await checkEngine()
  console.log('package: builds, packs and imports')
} catch (error) {
  console.log(error instanceof Error ? error.message : error)
  console.log('package: not fit to be published')
  process.exitCode = 1
}

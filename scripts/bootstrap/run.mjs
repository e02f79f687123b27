// Runs a program of the repository on the pinned Node, installing first what is missing:
//   node scripts/bootstrap/run.mjs <program.ts> [arguments]
// It is plain JavaScript for Node 18 or newer, because it runs before anything is installed.

import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { handOver } from './child.mjs'
import {
  BootstrapError,
  ensureDependencies,
  ensureToolchain,
  withNodeFirst,
} from './installation.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const [program, ...args] = process.argv.slice(2)

try {
  if (program === undefined)
    throw new BootstrapError('usage: node scripts/bootstrap/run.mjs <program.ts> [arguments]')
  const toolchain = await ensureToolchain(root)
  await ensureDependencies(root, toolchain)
  const tools = [join(root, 'node_modules', '.bin'), toolchain.commands]
  const env = withNodeFirst(process.env, toolchain.node, ...tools)
  await handOver(toolchain.node, [join(root, program), ...args], { cwd: root, env })
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error
  process.stderr.write(`millrace: ${error.message}\n`)
  process.exitCode = 1
}

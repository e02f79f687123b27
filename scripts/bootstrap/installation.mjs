// The two installations that a fresh clone needs: the pinned toolchain, then the workspace's dependencies.

import { spawnSync } from 'node:child_process'
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { runQuietly } from './child.mjs'
import { fingerprint, readStamp, workspaceFolders } from './fingerprint.mjs'
import { explainFailure } from './install-failure.mjs'
import { chooseRuntime, majorOf, OLDEST_NODE_MAJOR, PINNED_NODE } from './runtime-choice.mjs'

/** A failure with a sentence for the person at the terminal. */
export class BootstrapError extends Error {}

/** Trust what the machine trusts, such as the authority of a company's proxy, where Node can. */
const SYSTEM_AUTHORITIES = process.allowedNodeEnvironmentFlags.has('--use-system-ca')
  ? ['--use-system-ca']
  : []

/** Packages that `npm start` and `npm test` do not need and that install themselves when asked for. */
const LEFT_OUT = ['@millrace/site']

/**
 * Makes sure that the pinned Node and pnpm are there.
 *
 * @param {string} root the repository
 * @returns {Promise<{ node: string, pnpm: string, commands: string }>} the Node executable, pnpm's main file, and the folder with `pnpm`
 */
export async function ensureToolchain(root) {
  const choice = chooseRuntime(process)
  if (choice.kind === 'none') throw new BootstrapError(choice.reason)
  const source = join(root, 'scripts', 'bootstrap', 'toolchain')
  const folder = join(root, '.millrace', 'toolchain')
  const stampFile = join(folder, 'stamp')
  const stamp = fingerprint(
    source,
    ['package.json', 'package-lock.json'],
    [process.platform, process.arch],
  )
  const pnpm = join(folder, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')
  const pinned =
    choice.kind === 'pinned'
      ? join(folder, 'node_modules', choice.name, choice.executable)
      : undefined
  const complete = () =>
    readStamp(stampFile) === stamp &&
    existsSync(pnpm) &&
    (pinned === undefined || existsSync(pinned))
  if (!complete()) await installToolchain(root, source, folder, stamp, complete)
  const commands = join(folder, 'node_modules', '.bin')
  return { node: startable(pinned) ?? machineNode(), pnpm, commands }
}

/**
 * Installs into a folder of its own and moves it into place, so that an interrupted run leaves nothing half-done.
 *
 * @param {string} root
 * @param {string} source
 * @param {string} folder
 * @param {string} stamp
 * @param {() => boolean} complete whether another process has finished the same work meanwhile
 */
async function installToolchain(root, source, folder, stamp, complete) {
  const fresh = join(root, '.millrace', `toolchain.${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  cpSync(source, fresh, { recursive: true })
  const what = `Node ${PINNED_NODE} and pnpm`
  const options = [
    '--no-audit',
    '--no-fund',
    '--no-progress',
    '--ignore-scripts',
    '--loglevel=error',
  ]
  const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-factor=2']
  const command = [...npmCommand(), 'ci', '--prefix', fresh, ...options, ...retries]
  const { ok, output } = await runQuietly(`installing ${what} (once per clone)`, command, {
    cwd: fresh,
    env: installEnvironment(root),
  })
  if (!ok) {
    rmSync(fresh, { recursive: true, force: true })
    fail(what, output)
  }
  writeFileSync(join(fresh, 'stamp'), `${stamp}\n`)
  if (!complete()) {
    rmSync(folder, { recursive: true, force: true })
    try {
      renameSync(fresh, folder)
    } catch (error) {
      if (!complete()) throw error
    }
  }
  rmSync(fresh, { recursive: true, force: true })
}

/**
 * Makes sure that `node_modules` fits the lockfile and every package.json.
 *
 * @param {string} root
 * @param {{ node: string, pnpm: string }} toolchain
 */
export async function ensureDependencies(root, toolchain) {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const packages = ['.', ...workspaceFolders(workspace)].map((folder) =>
    join(folder, 'package.json'),
  )
  const files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc', ...packages]
  const stamp = fingerprint(root, files, [process.platform, process.arch, ...LEFT_OUT])
  const stampFile = join(root, 'node_modules', '.millrace-stamp')
  if (readStamp(stampFile) === stamp) return
  const filters = LEFT_OUT.map((name) => `--filter=!${name}`)
  const options = [
    '--frozen-lockfile',
    '--reporter=append-only',
    '--config.confirmModulesPurge=false',
  ]
  const retries = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-factor=2']
  const store = writable(homedir()) ? [] : [`--store-dir=${join(root, '.millrace', 'pnpm-store')}`]
  const command = [
    toolchain.node,
    '--use-system-ca',
    toolchain.pnpm,
    ...filters,
    'install',
    ...options,
    ...retries,
    ...store,
  ]
  const { ok, output } = await runQuietly('installing dependencies', command, {
    cwd: root,
    env: withNodeFirst(installEnvironment(root), toolchain.node),
  })
  if (!ok) fail('The dependencies', output)
  writeFileSync(stampFile, `${stamp}\n`)
}

/**
 * An environment in which `node` is the given one and the tools of the workspace come next.
 *
 * @param {Record<string, string | undefined>} env
 * @param {string} node
 * @param {string[]} further folders that follow
 * @returns {Record<string, string | undefined>}
 */
export function withNodeFirst(env, node, ...further) {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  return { ...env, [name]: [dirname(node), ...further, env[name] ?? ''].join(delimiter) }
}

/**
 * The npm that started this program, or the one on the PATH.
 *
 * @returns {string[]}
 */
function npmCommand() {
  const running = process.env.npm_execpath
  if (running !== undefined && /npm-cli\.c?js$/.test(running)) {
    return [process.execPath, ...SYSTEM_AUTHORITIES, running]
  }
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/**
 * The environment of an installation. Without a writable home the caches live inside the clone.
 *
 * @param {string} root
 * @returns {Record<string, string | undefined>}
 */
function installEnvironment(root) {
  if (writable(homedir())) return { ...process.env }
  const home = join(root, '.millrace', 'home')
  mkdirSync(home, { recursive: true })
  return {
    ...process.env,
    npm_config_cache: join(home, 'npm'),
    XDG_CACHE_HOME: home,
    XDG_DATA_HOME: home,
    XDG_STATE_HOME: home,
  }
}

/**
 * @param {string} folder
 * @returns {boolean}
 */
function writable(folder) {
  try {
    accessSync(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The executable if it starts here: a package for glibc does not start on musl.
 *
 * @param {string | undefined} executable
 * @returns {string | undefined}
 */
function startable(executable) {
  if (executable === undefined) return undefined
  if (executable === process.execPath) return executable
  return spawnSync(executable, ['--version'], { stdio: 'ignore' }).status === 0
    ? executable
    : undefined
}

/**
 * @returns {string}
 */
function machineNode() {
  if (majorOf(process.version) >= OLDEST_NODE_MAJOR) return process.execPath
  throw new BootstrapError(
    `Node ${PINNED_NODE} from npm does not start on this machine, and its own Node is ${process.version}: ` +
      `install Node ${OLDEST_NODE_MAJOR} or newer and run the command again.`,
  )
}

/**
 * @param {string} what
 * @param {string} output
 * @returns {never}
 */
function fail(what, output) {
  const { sentence, showOutput } = explainFailure(what, output)
  if (showOutput) process.stderr.write(`${output.trim()}\n`)
  throw new BootstrapError(sentence)
}

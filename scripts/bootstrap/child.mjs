// Child processes of the bootstrap: quiet installations with progress, and the final hand-over.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** How often a waiting installation says that it is still running, where the terminal cannot redraw a line. */
const STILL_RUNNING_MS = 15_000

const PARENT_CHECK_MS = 200

/**
 * Runs an installation without its output, showing the seconds instead.
 *
 * @param {string} title what is being done, for example `installing dependencies`
 * @param {readonly string[]} command the program and its arguments
 * @param {{ cwd: string, env: Record<string, string | undefined> }} options
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function runQuietly(title, command, options) {
  const [program = '', ...args] = command
  const startedAt = Date.now()
  const seconds = () => Math.round((Date.now() - startedAt) / 1000)
  const terminal = process.stderr.isTTY === true
  process.stderr.write(`millrace: ${title} …${terminal ? '' : '\n'}`)
  const ticker = setInterval(
    () =>
      process.stderr.write(
        terminal
          ? `\rmillrace: ${title} … ${seconds()} s`
          : `millrace: still ${title}, ${seconds()} s\n`,
      ),
    terminal ? 1000 : STILL_RUNNING_MS,
  )
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && /\.cmd$/i.test(program),
    })
    const stopForwarding = forwardSignals(child)
    const finish = (/** @type {boolean} */ ok) => {
      clearInterval(ticker)
      stopForwarding()
      process.stderr.write(
        `${terminal ? '\r' : ''}millrace: ${title} … ${ok ? 'done' : 'failed'} after ${seconds()} s\n`,
      )
      resolve({ ok, output })
    }
    child.stdout.on('data', (data) => (output += data))
    child.stderr.on('data', (data) => (output += data))
    child.on('error', (error) => {
      output += `\n${error.message}\n`
      finish(false)
    })
    child.on('close', (code) => finish(code === 0))
  })
}

/**
 * Runs the requested program as if it had been started in place of this one, and ends as it ends.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: Record<string, string | undefined> }} options
 * @returns {Promise<void>}
 */
export function handOver(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: 'inherit' })
    const stopForwarding = forwardSignals(child)
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      stopForwarding()
      if (signal === null) process.exitCode = code ?? 1
      else endBySignal(signal)
      resolve()
    })
  })
}

/**
 * Passes signals on to a child. A terminal sends Ctrl-C to the child itself, so SIGINT is then only survived.
 * A script runner starts this process through a shell that may die without passing the signal on: then the parent
 * changes, and the child is told to stop.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @returns {() => void} stops forwarding
 */
function forwardSignals(child) {
  /** @type {Array<[NodeJS.Signals, () => void]>} */
  const handlers = []
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) {
    const handler = () => {
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal)
    }
    process.on(signal, handler)
    handlers.push([signal, handler])
  }
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    child.kill('SIGTERM')
  }, PARENT_CHECK_MS)
  if (process.env.npm_lifecycle_event === undefined) clearInterval(watch)
  return () => {
    clearInterval(watch)
    for (const [signal, handler] of handlers) process.off(signal, handler)
  }
}

/**
 * Ends this process the way the child ended, so that a shell sees the same signal.
 *
 * @param {NodeJS.Signals} signal
 */
function endBySignal(signal) {
  process.exitCode = 128 + (constants.signals[signal] ?? 0)
  process.kill(process.pid, signal)
}

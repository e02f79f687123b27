// Turns the output of a failed npm or pnpm into one sentence that says what to do.

const UNREACHABLE =
  /\b(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|UND_ERR_CONNECT_TIMEOUT)\b/

const UNTRUSTED =
  /\b(CERT_[A-Z_]+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_[A-Z_]*CERT[A-Z_]*)\b/

/**
 * Explains why an installation failed.
 *
 * @param {string} what what was being installed, for example `Node 24.21.0 and pnpm 10.34.8`
 * @param {string} output everything that the package manager printed
 * @returns {{ sentence: string, showOutput: boolean }} whether the output says more than the sentence
 */
export function explainFailure(what, output) {
  const unreachable = UNREACHABLE.exec(output)?.[1]
  if (unreachable !== undefined) {
    return {
      sentence:
        `${what} could not be installed because the npm registry cannot be reached (${unreachable}): ` +
        'check the network and the "registry" setting of npm, then run the command again.',
      showOutput: false,
    }
  }
  const untrusted = UNTRUSTED.exec(output)?.[1]
  if (untrusted !== undefined) {
    return {
      sentence:
        `${what} could not be installed because the certificate of the npm registry is not trusted (${untrusted}): ` +
        'name the authority with NODE_EXTRA_CA_CERTS or the "cafile" setting of npm, then run the command again.',
      showOutput: false,
    }
  }
  if (/ERR_PNPM_OUTDATED_LOCKFILE|ERR_PNPM_NO_LOCKFILE|ERR_PNPM_LOCKFILE/.test(output)) {
    return {
      sentence:
        `${what} could not be installed because pnpm-lock.yaml does not match the package.json files: ` +
        'run "pnpm install" and commit the lockfile.',
      showOutput: false,
    }
  }
  if (/\bENOSPC\b/.test(output)) {
    return {
      sentence: `${what} could not be installed because the disk is full: free about 1 GB and run the command again.`,
      showOutput: false,
    }
  }
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output)) {
    return {
      sentence: `${what} could not be installed because a file or folder may not be written; the output above names it.`,
      showOutput: true,
    }
  }
  return {
    sentence: `${what} could not be installed; the output of the package manager is above.`,
    showOutput: true,
  }
}

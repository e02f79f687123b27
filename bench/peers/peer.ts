/**
 * `peers/` holds the adapters to other engines. The engines themselves are installed outside of the
 * repository, in `MILLRACE_PEERS_DIR` or in the user's cache.
 */

import { homedir } from 'node:os'
import { join } from 'node:path'

/** Another engine that can be measured beside ours. */
export interface Peer {
  readonly name: string
  readonly about: string
  /** Why it cannot be measured; `undefined` if it can. */
  missing(): string | undefined
  /** Installs it and proves by a small query that it works. */
  install(progress: (line: string) => void): Promise<void>
  remove(): void
}

/** Where a peer is installed. */
export function peerFolder(name: string): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')
  return join(process.env.MILLRACE_PEERS_DIR ?? join(cache, 'millrace', 'peers'), name)
}

import type { Program } from '../runner/program.ts'
import { ALL_PEERS } from '../runner/program-suite.ts'
import { PEERS } from './peers.ts'

/** Which peers are to be measured. */
export interface AskedPeers {
  /** Their names, or `all`. */
  readonly asked: readonly string[]
  /** Told why some of them are not there, a line each. */
  readonly progress: (line: string) => void
}

/**
 * The programs of the peers that are asked for and there.
 *
 * @param programsOf what a suite has of each peer; called if the peer is there
 */
export function peerPrograms(
  { asked, progress }: AskedPeers,
  programsOf: Readonly<Record<string, () => readonly Program[]>>,
): readonly Program[] {
  const names = asked.includes(ALL_PEERS) ? Object.keys(programsOf) : asked
  return [...new Set(names)].flatMap((name) => {
    const reason = whyNot(name, programsOf)
    if (reason === undefined) return programsOf[name]?.() ?? []
    progress(`${name}: SKIPPED, ${reason}`)
    return []
  })
}

function whyNot(name: string, programsOf: Readonly<Record<string, unknown>>): string | undefined {
  const peer = PEERS.get(name)
  if (peer === undefined) return 'there is no such peer'
  if (programsOf[name] === undefined) return 'it has no program for this suite'
  return peer.missing()
}

import { PEERS } from '../peers/peers.ts'

/** Lists, installs or removes other engines. @returns the exit code */
export async function managePeers(action: string, name: string | undefined): Promise<number> {
  if (action === 'list') {
    for (const peer of PEERS.values()) {
      console.log(`${peer.name.padEnd(10)} ${peer.about}; ${peer.missing() ?? 'installed'}`)
    }
    return 0
  }
  const peer = PEERS.get(name ?? '')
  if (peer === undefined || !['install', 'remove'].includes(action)) {
    const known = [...PEERS.keys()].join(', ')
    console.error(`usage: pnpm bench peers list | install <name> | remove <name>; names: ${known}`)
    return 2
  }
  if (action === 'remove') {
    peer.remove()
    console.log(`${peer.name}: removed`)
    return 0
  }
  try {
    await peer.install((line) => console.log(`${peer.name}: ${line}`))
    console.log(`${peer.name}: installed`)
    return 0
  } catch (error) {
    console.log(`${peer.name}: SKIPPED, ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

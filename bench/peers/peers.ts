import { flink } from './flink/flink-peer.ts'
import type { Peer } from './peer.ts'

/** All peers by name. */
export const PEERS: ReadonlyMap<string, Peer> = new Map([flink].map((peer) => [peer.name, peer]))

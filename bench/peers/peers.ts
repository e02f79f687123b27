import { flink } from './flink/flink-peer.ts'
import { hazelcast } from './hazelcast/hazelcast-peer.ts'
import type { Peer } from './peer.ts'
import { timely } from './timely/timely-peer.ts'

/** All peers by name. */
export const PEERS: ReadonlyMap<string, Peer> = new Map(
  [flink, hazelcast, timely].map((peer) => [peer.name, peer]),
)

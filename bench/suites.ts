import { chain } from './macro/chain/chain-suite.ts'
import { jsPeers } from './macro/js-peers/js-peers-suite.ts'
import { latency } from './macro/latency/latency-suite.ts'
import { windowedCount } from './macro/windowed-count.ts'
import { micro } from './micro/micro.ts'
import { nexmark } from './nexmark/nexmark-suite.ts'
import type { Suite } from './runner/suite.ts'

/** All suites by name. */
export const SUITES: ReadonlyMap<string, Suite> = new Map(
  [micro, windowedCount, chain, jsPeers, latency, nexmark].map((suite) => [suite.name, suite]),
)

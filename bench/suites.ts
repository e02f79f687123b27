import { chain } from './macro/chain/chain-suite.ts'
import { core } from './macro/core/core-suite.ts'
import { jsPeers } from './macro/js-peers/js-peers-suite.ts'
import { keyedWindow } from './macro/keyed-window/keyed-window-suite.ts'
import { latency } from './macro/latency/latency-suite.ts'
import { scaling } from './macro/scaling/scaling-suite.ts'
import { skew } from './macro/skew/skew-suite.ts'
import { windowedCount } from './macro/windowed-count.ts'
import { checkpointCases } from './micro/checkpoint.bench.ts'
import { codecCases } from './micro/codec.bench.ts'
import { exchangeCases } from './micro/exchange.bench.ts'
import { keyCases } from './micro/key.bench.ts'
import { microSuite } from './micro/micro-suite.ts'
import { stateCases } from './micro/state.bench.ts'
import { intTableCases } from './micro/table.bench.ts'
import { timerCases } from './micro/timer.bench.ts'
import { nexmark } from './nexmark/nexmark-suite.ts'
import type { Suite } from './runner/suite.ts'

const micro: readonly Suite[] = [
  microSuite('codec', 'serializers', codecCases),
  microSuite('key', 'hashes of keys', keyCases),
  microSuite('state', 'keyed state and timers on the heap', [
    ...stateCases,
    ...intTableCases(),
    ...timerCases,
  ]),
  microSuite('exchange', 'a keyed exchange in one isolate', exchangeCases),
  microSuite('checkpoint', 'snapshots of keyed state', checkpointCases),
]

/** All suites by name. */
export const SUITES: ReadonlyMap<string, Suite> = new Map(
  [...micro, windowedCount, chain, core, scaling, skew, keyedWindow, jsPeers, latency, nexmark].map(
    (suite) => [suite.name, suite],
  ),
)
